//! The HTML shell, the providers, and the map of URLs to pages.
