//! The binary: arguments, configuration, start, drain.

fn main() {}
