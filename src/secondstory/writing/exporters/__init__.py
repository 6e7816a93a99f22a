"""One file a format; each turns a document into bytes."""
