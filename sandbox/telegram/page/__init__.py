"""The chat page in a browser: whom to be, and their chat with the bot; holds no state, decides nothing."""
