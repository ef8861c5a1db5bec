//! How fast the model is, printed and not judged: `cargo test --release --features ssr -- --ignored --nocapture tokens_per_cpu_second`.

use super::weights::models_dir;
use crate::server::{
    models::fetch::weights::CHAT,
    worker::{
        protocol::{Generate, Reply, Role, Turn},
        session::Session,
    },
};

/// The processor time of this process, in seconds: what a busy machine does not distort. Linux counts it in hundredths.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // After the name, which may have spaces, `utime` and `stime` are the 12th and 13th.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}

#[test]
#[ignore = "a measurement; set CANDLE_NUM_THREADS=1 and RAYON_NUM_THREADS=1 as the server does"]
fn tokens_per_cpu_second() {
    let start = cpu_seconds();
    let mut session = Session::load(&CHAT.path(&models_dir())).unwrap();
    println!("load: {:.2} CPU seconds", cpu_seconds() - start);
    for words in [8, 80, 300, 1500] {
        measure(&mut session, words);
    }
}

fn measure(session: &mut Session, words: usize) {
    let text = format!("{words}: {}", "sea ".repeat(words));
    let messages = vec![Turn { role: Role::User, text }];
    let (mut read, mut begun, mut written) = (0, None, 0);
    let start = cpu_seconds();
    let mut hear = |reply| {
        match reply {
            Reply::Started { prompt_tokens, cached_tokens, .. } => read = prompt_tokens - cached_tokens,
            Reply::Text { output_tokens, .. } => _ = begun.get_or_insert((output_tokens, cpu_seconds())),
            Reply::Done { output_tokens, .. } => written = output_tokens,
            Reply::Loaded | Reply::Embedded { .. } | Reply::Error { .. } => {}
        }
        Ok(())
    };
    session.answer(&Generate { id: 1, messages, max_tokens: 64 }, &|| false, &mut hear).unwrap();
    let (first, begun) = begun.unwrap();
    let reading = f64::from(read) / (begun - start);
    let writing = f64::from(written - first) / (cpu_seconds() - begun);
    println!("{read} tokens in: {reading:.0} a CPU second; {written} out: {writing:.0} a CPU second");
}
