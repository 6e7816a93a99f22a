"""Django's own engine, but for how a kept connection is looked at before a page uses it."""
