"""The check after export: what a placed order looks like is compared with what was agreed to, until it is paid."""
