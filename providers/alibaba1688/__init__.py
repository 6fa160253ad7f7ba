"""The driver of 1688.com over its Open Platform. No module here may know a call that pays."""
