//! Sending files, one request each, so that each shows how far it is.

use crate::{
    error::{AppError, Result},
    model::{document::Document, json},
};
use leptos::{
    wasm_bindgen::{JsCast as _, prelude::Closure},
    web_sys::{DragEvent, File, FileList, FormData, HtmlInputElement, ProgressEvent, XmlHttpRequest},
};
use std::rc::Rc;

/// Sends a file to `url`, with the fields before it. `progress` hears from 0 to 1 how much is on its way, `done` what
/// became of it.
pub fn send(
    url: &str,
    file: &File,
    fields: &[(&str, String)],
    progress: impl Fn(f64) + 'static,
    done: impl FnOnce(Result<Vec<Document>>) + 'static,
) {
    let begun = begin(url, progress).and_then(|request| Some((form(file, fields)?, request)));
    let Some((form, request)) = begun else { return done(Err(AppError::Offline)) };
    let answered = request.clone();
    let ended = Closure::once_into_js(move || done(answer(&answered)));
    request.set_onloadend(Some(ended.unchecked_ref()));
    // A request that cannot be sent ends too.
    _ = request.send_with_opt_form_data(Some(&form));
}

fn begin(url: &str, progress: impl Fn(f64) + 'static) -> Option<Rc<XmlHttpRequest>> {
    let request = XmlHttpRequest::new().ok()?;
    request.open("POST", url).ok()?;
    request.set_request_header("Accept", "application/json").ok()?;
    let told = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            progress(event.loaded() / event.total());
        }
    });
    // Lives as long as the request may tell something, which is not ours to know.
    request.upload().ok()?.set_onprogress(Some(told.into_js_value().unchecked_ref()));
    Some(Rc::new(request))
}

fn form(file: &File, fields: &[(&str, String)]) -> Option<FormData> {
    let form = FormData::new().ok()?;
    for (name, value) in fields {
        form.append_with_str(name, value).ok()?;
    }
    form.append_with_blob_and_filename("file", file, &file.name()).ok()?;
    Some(form)
}

fn answer(request: &XmlHttpRequest) -> Result<Vec<Document>> {
    let status = request.status().unwrap_or(0);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match status {
        200 => json::read(&text).map_err(|_| AppError::Offline),
        0 => Err(AppError::Offline),
        413 => Err(crate::model::document::too_large()),
        _ => Err(json::read(&text).unwrap_or(AppError::Offline)),
    }
}

/// The files that were chosen. The field is empty afterwards, so that the same file can be chosen again.
pub fn chosen(input: &HtmlInputElement) -> Vec<File> {
    let files = input.files().map(|files| all(&files)).unwrap_or_default();
    input.set_value("");
    files
}

/// The files that were dropped.
pub fn dropped(event: &DragEvent) -> Vec<File> {
    event.data_transfer().and_then(|dropped| dropped.files()).map(|files| all(&files)).unwrap_or_default()
}

fn all(files: &FileList) -> Vec<File> {
    (0..files.length()).filter_map(|at| files.get(at)).collect()
}
