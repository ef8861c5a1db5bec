//! Small files of each format, made here.

use std::io::{Cursor, Write as _};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A PDF of one page with a line for each of `lines`.
pub fn pdf(lines: &[&str]) -> Vec<u8> {
    let shown: String = lines.iter().map(|line| format!("({}) Tj 0 -20 Td ", line.replace(['(', ')', '\\'], ""))).collect();
    let page = format!("BT /F1 14 Tf 72 720 Td {shown}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", at + 1).as_bytes());
    }
    let table = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    let end = format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    out.extend_from_slice(end.as_bytes());
    out
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A Word document with this body.
pub fn docx(body: &str) -> Vec<u8> {
    archive("word/document.xml", |file| file.write_all(word_document(body).as_bytes()).unwrap())
}

/// A Word document with styles of its own.
pub fn styled_docx(styles: &str, body: &str) -> Vec<u8> {
    archive("word/document.xml", |file| {
        file.write_all(word_document(body).as_bytes()).unwrap();
        file.start_file("word/styles.xml", SimpleFileOptions::default()).unwrap();
        write!(file, r#"<w:styles xmlns:w="{WORD}">{styles}</w:styles>"#).unwrap();
    })
}

fn word_document(body: &str) -> String {
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>"#)
}

/// A Word document of a few kilobytes whose main part unpacks to more than any memory that the child has.
pub fn bomb() -> Vec<u8> {
    let spaces = vec![b' '; 1024 * 1024];
    archive("word/document.xml", |file| {
        file.write_all(b"<w:document><w:body><w:p><w:r><w:t>").unwrap();
        for _ in 0..80 {
            file.write_all(&spaces).unwrap();
        }
    })
}

fn archive(name: &str, write: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>)) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(name, SimpleFileOptions::default()).unwrap();
    write(&mut archive);
    archive.finish().unwrap().into_inner()
}
