//! What touches the DOM. Everything here runs in the browser only, from effects and event handlers.
