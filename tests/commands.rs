//! The command line, as an operator meets it: what it prints, what it refuses, and what it leaves behind.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use clap::CommandFactory as _;
use guildhall::server::config::Cli;
use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// A data folder and what is said about it.
struct Desk {
    folder: TempDir,
}

/// How a command ended.
#[derive(Debug)]
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A data folder with the group harbor and its owner, Ada.
    fn with_an_owner() -> Self {
        let desk = Self::new();
        desk.done(&["group", "create", "harbor", "--name", "Harbor"]);
        desk.person("ada@example.org");
        desk.done(&["member", "add", "harbor", "ada@example.org", "--role", "owner"]);
        desk
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
        // Nothing of whoever runs the tests.
        command.env_clear().env("GUILDHALL_DATA", self.data()).args(words).stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn tell(&self, mut command: Command, input: &str) -> Said {
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn run(&self, words: &[&str]) -> Said {
        self.tell(self.command(words), "")
    }

    /// What a command that must succeed prints.
    fn done(&self, words: &[&str]) -> String {
        let said = self.run(words);
        assert_eq!(said.code, 0, "{words:?}: {said:?}");
        said.out
    }

    fn person(&self, email: &str) {
        let words = ["person", "create", email, "--name", "Ada", "--password-stdin"];
        let said = self.tell(self.command(&words), "a short sentence\n");
        assert_eq!(said.code, 0, "{said:?}");
    }
}

#[test]
fn a_mistyped_data_folder_is_named_and_not_made() {
    let desk = Desk::new();
    let needs_data: [&[&str]; 4] = [
        &["models", "list"],
        &["group", "plan", "harbor", "pro"],
        &["member", "add", "harbor", "ada@example.org"],
        &["key", "create", "--group", "harbor", "--person", "ada@example.org"],
    ];
    for words in needs_data {
        let said = desk.run(words);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{words:?}: {said:?}");
        assert!(said.err.contains("There is no data in") && said.err.contains(desk.data().to_str().unwrap()), "{said:?}");
        assert!(!desk.data().exists(), "{words:?} made the folder");
    }
}

#[test]
fn the_list_of_models_says_which_files_are_missing_and_how_to_get_them() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.data().join("models")).unwrap();
    let said = desk.run(&["models", "list"]);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!((said.code, lines.len()), (0, 2), "the chat model and the embedder: {said:?}");
    for line in lines {
        assert!(line.starts_with("local: ") && line.contains("missing") && line.contains("guildhall models fetch"), "{line}");
        assert!(!line.contains("base URL"), "{line}");
    }
    assert!(!desk.data().join("guildhall.db").exists(), "a list makes no database");
}

#[test]
fn the_list_of_models_has_the_embedder() {
    let desk = Desk::new();
    let models = desk.data().join("models");
    std::fs::create_dir_all(&models).unwrap();
    for file in ["SmolLM2-135M-Instruct.Q4_1.gguf", "all-MiniLM-L6-v2.safetensors", "all-MiniLM-L6-v2.tokenizer.json"] {
        std::fs::write(models.join(file), "weights").unwrap();
    }
    let list = desk.done(&["models", "list"]);
    assert_eq!(list, "local\tsmollm2-135m-instruct\t2048 tokens\nlocal\tall-MiniLM-L6-v2\tembeddings\n");
}

#[test]
fn the_last_owner_keeps_the_role_and_a_change_of_role_is_called_one() {
    let desk = Desk::with_an_owner();
    let said = desk.run(&["member", "add", "harbor", "ada@example.org", "--role", "member"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("ada@example.org is the last owner of harbor"), "{said:?}");
    let again = desk.done(&["member", "add", "harbor", "ada@example.org", "--role", "owner"]);
    assert_eq!(again, "ada@example.org is owner of harbor already.\n");

    desk.person("bob@example.org");
    let added = desk.done(&["member", "add", "harbor", "bob@example.org"]);
    assert_eq!(added, "Added bob@example.org to harbor as member.\n");
    let changed = desk.done(&["member", "add", "harbor", "bob@example.org", "--role", "owner"]);
    assert_eq!(changed, "Changed the role of bob@example.org in harbor from member to owner.\n");
    desk.done(&["member", "add", "harbor", "ada@example.org", "--role", "member"]);
}

#[test]
fn a_log_that_no_terminal_shows_has_no_colours() {
    let desk = Desk::new();
    let mut command = desk.command(&["migrate"]);
    command.env("GUILDHALL_LOG", "debug");
    let said = desk.tell(command, "");
    assert!(said.code == 0 && said.err.contains("DEBUG"), "{said:?}");
    assert!(!said.err.contains('\x1b'), "{}", said.err);
}

#[test]
fn every_command_and_all_that_it_takes_is_described() {
    fn look(command: &clap::Command, path: &str, bare: &mut Vec<String>) {
        let path = format!("{path} {}", command.get_name());
        if command.get_about().is_none() {
            bare.push(path.clone());
        }
        let bare_one = |arg: &&clap::Arg| arg.get_help().is_none();
        bare.extend(command.get_arguments().filter(bare_one).map(|arg| format!("{path}: {arg}")));
        for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
            look(inner, &path, bare);
        }
    }
    let mut bare = Vec::new();
    look(&Cli::command(), "", &mut bare);
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}
