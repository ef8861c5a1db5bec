//! The rules of the source tree, checked by reading it.

use std::{fs, path::Path};

/// Every file under `src`, by its path from there, with its text.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut files) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|kind| kind == "rs") {
                let name = entry.strip_prefix(&root).expect("a file of src").to_string_lossy().into_owned();
                files.push((name, fs::read_to_string(&entry).expect("a source")));
            }
        }
    }
    files.sort();
    assert!(files.len() > 80, "the sources are there");
    files
}

fn is_test(name: &str) -> bool {
    name == "tests.rs" || name.starts_with("tests/")
}

/// Whether the file is the module `name` or lies under it.
fn within(file: &str, module: &str) -> bool {
    file == format!("{module}.rs") || file.starts_with(&format!("{module}/"))
}

/// Lines of code that `wrong` accepts, as `file:line: text`. Comments do not count.
fn offences(file: impl Fn(&str) -> bool, wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in sources().into_iter().filter(|(name, _)| !is_test(name) && file(name)) {
        for (number, line) in text.lines().enumerate() {
            if !line.trim_start().starts_with("//") && wrong(line) {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn sql_stands_only_in_the_store() {
    let statement =
        |line: &str| ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE ", "\"WITH "].iter().any(|start| line.contains(start));
    assert_eq!(offences(|file| !within(file, "server/store"), statement), Vec::<String>::new());
    assert!(!offences(|file| within(file, "server/store"), statement).is_empty(), "the check sees statements");
    let sqlx = |line: &str| line.contains("sqlx::query");
    assert_eq!(offences(|file| !within(file, "server/store"), sqlx), Vec::<String>::new());
}

#[test]
fn what_both_halves_share_knows_nothing_of_the_server() {
    let shared = ["model", "ids", "error", "pages", "components", "browser"];
    let server = |line: &str| line.contains("crate::server") || line.contains("crate::rest");
    assert_eq!(offences(|file| shared.iter().any(|module| within(file, module)), server), Vec::<String>::new());
}

#[test]
fn features_are_asked_for_in_one_place() {
    // Models on this machine are a feature of the server alone; its module lists choose whether it has them.
    let exceptions = ["lib.rs", "server.rs", "server/models.rs", "server/embedders.rs"];
    let gate = |line: &str| line.contains("cfg(feature") || line.contains("cfg!(feature") || line.contains("cfg_attr(feature");
    assert_eq!(offences(|file| !exceptions.contains(&file), gate), Vec::<String>::new());
}

#[test]
fn every_look_past_the_tenants_says_why() {
    let mut silent = Vec::new();
    for (name, text) in sources().into_iter().filter(|(name, _)| !is_test(name) && !within(name, "server/store")) {
        let lines: Vec<&str> = text.lines().collect();
        for (number, _) in lines.iter().enumerate().filter(|(_, line)| line.contains(".store.system()")) {
            if !explained(&lines, number) {
                silent.push(format!("{name}:{}", number + 1));
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new(), "say in a comment why no tenant's proof can be had");
}

/// Whether a comment stands above the line, at most a few lines up or at the head of its function.
fn explained(lines: &[&str], number: usize) -> bool {
    lines[number.saturating_sub(4)..number].iter().any(|line| line.trim_start().starts_with("//"))
}

#[test]
fn a_module_is_named_after_its_noun() {
    let named_mod: Vec<_> = sources().into_iter().map(|(name, _)| name).filter(|name| name.ends_with("mod.rs")).collect();
    assert_eq!(named_mod, Vec::<String>::new());
}

/// A file that no module declares is compiled by nobody: a test in it can never fail.
#[test]
fn every_file_is_declared_by_its_module() {
    let files = sources();
    // The binary's own root, and what a build without local models has in their place.
    let roots = ["lib.rs", "main.rs", "server/no_local_models.rs"];
    let mut lost = Vec::new();
    for (name, _) in files.iter().filter(|(name, _)| !roots.contains(&name.as_str())) {
        let path = Path::new(name);
        let noun = path.file_stem().expect("a name").to_string_lossy();
        let above = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let parent = above.map_or_else(|| "lib.rs".to_owned(), |folder| format!("{}.rs", folder.display()));
        let declared = files.iter().find(|(file, _)| *file == parent).is_some_and(|(_, text)| {
            text.lines().any(|line| {
                line.trim_start_matches("pub(crate) ").trim_start_matches("pub ").trim_start_matches("pub(super) ")
                    == format!("mod {noun};")
            })
        });
        if !declared {
            lost.push(name.clone());
        }
    }
    assert_eq!(lost, Vec::<String>::new());
}
