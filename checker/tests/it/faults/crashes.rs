//! How processes end.
