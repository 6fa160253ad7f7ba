"""The demo without a person: scripted people go through the main job by pressing buttons by their labels.

They see only their chats; the marketplaces' truth is asked at the end."""
