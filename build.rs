//! Compiles the server again when the built site, which it carries inside, has changed; links the browser half so that its
//! constants can be split.

const SITE: &str = "target/site";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // The browser half makes the site; if it watched it too, every build would cause the next.
    if std::env::var_os("CARGO_FEATURE_SSR").is_some() {
        watch_site();
    }
    if std::env::var_os("CARGO_CFG_TARGET_FAMILY").is_some_and(|family| family == "wasm") {
        keep_constants_apart();
    }
}

/// The linker lets equal constants share their bytes. Those of several pages the splitter has to copy for each; all constants
/// together then no longer fit where they were, and it leaves every one of them in the part that every page loads.
fn keep_constants_apart() {
    println!("cargo:rustc-link-arg-cdylib=-O0");
}

fn watch_site() {
    // The folder must be there: a path that is missing counts as changed at every build.
    if let Err(error) = std::fs::create_dir_all(SITE) {
        println!("cargo:warning=no folder {SITE}: {error}");
    }
    println!("cargo:rerun-if-changed={SITE}");
}
