"""The drill: real processes of the bot are killed, frozen and lied to, and the sandbox's truth says what came of it."""
