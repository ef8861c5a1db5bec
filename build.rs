//! Compiles the server again when the built site, which it carries inside, has changed.

const SITE: &str = "target/site";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // The browser half makes the site; if it watched it too, every build would cause the next.
    if std::env::var_os("CARGO_FEATURE_SSR").is_none() {
        return;
    }
    // The folder must be there: a path that is missing counts as changed at every build.
    if let Err(error) = std::fs::create_dir_all(SITE) {
        println!("cargo:warning=no folder {SITE}: {error}");
    }
    println!("cargo:rerun-if-changed={SITE}");
}
