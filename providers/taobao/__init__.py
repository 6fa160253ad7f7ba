"""Taobao's buyer pages as a provider, over Playwright. Importing it is cheap: Playwright is loaded at the first use."""
