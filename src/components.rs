//! Reusable parts of views: values in, callbacks out. They never talk to the server themselves.
