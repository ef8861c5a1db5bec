//! The documents that are shown, the files on their way, and what keeps both up to date.

use crate::{
    api::knowledge::{documents, documents_now},
    browser::upload,
    error::{AppError, Result},
    ids::DocumentId,
    model::{
        document::{Document, DocumentFilter},
        group::Slug,
        page::Page,
    },
    pages::group::GroupContext,
};
use leptos::{prelude::*, task::spawn_local, web_sys::File};
use std::time::Duration;

/// How often documents that are being read are looked at.
const LOOK: Duration = Duration::from_millis(1_200);

/// Files that are sent at once; the others wait.
const AT_ONCE: usize = 2;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct KnowledgeDesk {
    pub items: RwSignal<Vec<Document>>,
    pub uploads: RwSignal<Vec<Upload>>,
    pub base: StoredValue<String>,
    pub next: RwSignal<Option<String>>,
    slug: StoredValue<Slug>,
    looking: StoredValue<bool>,
    waiting: StoredValue<Option<Waiting>>,
}

/// Files that wait for their turn.
type Waiting = StoredValue<Vec<(usize, File)>, LocalStorage>;

/// A file on its way.
#[derive(Clone)]
pub struct Upload {
    pub id: usize,
    pub name: String,
    /// From 0 to 1.
    pub progress: RwSignal<f64>,
    pub failed: RwSignal<Option<AppError>>,
}

impl KnowledgeDesk {
    pub fn new(group: &GroupContext, page: Page<Document>) -> Self {
        let desk = Self {
            items: RwSignal::new(page.items),
            uploads: RwSignal::new(Vec::new()),
            base: StoredValue::new(group.path("/knowledge")),
            next: RwSignal::new(page.next),
            slug: StoredValue::new(group.slug.clone()),
            looking: StoredValue::new(false),
            waiting: StoredValue::new(None),
        };
        Effect::new(move |_| {
            if desk.items.with(|items| items.iter().any(Document::working)) {
                desk.look_soon();
            }
        });
        desk
    }

    pub async fn page(self, after: String) -> Result<Page<Document>> {
        documents(self.slug(), DocumentFilter::default(), Some(after)).await
    }

    /// Puts the next page under what is shown, unless one has left.
    pub fn append(self, page: Page<Document>) {
        self.items.try_update(|items| items.extend(page.items));
        self.next.try_set(page.next);
    }

    pub fn slug(self) -> Slug {
        self.slug.get_value()
    }

    /// A document that was added: it stands first, or where it stood.
    pub fn put(self, document: Document) {
        self.items.try_update(|items| match items.iter_mut().find(|shown| shown.id == document.id) {
            Some(shown) => *shown = document,
            None => items.insert(0, document),
        });
    }

    /// Looks again in a while at what is being read; one look at a time.
    fn look_soon(self) {
        if self.looking.try_update_value(|looking| std::mem::replace(looking, true)) != Some(false) {
            return;
        }
        set_timeout(
            move || {
                let working = |items: &Vec<Document>| items.iter().filter(|item| item.working()).map(|item| item.id).collect();
                // Once the page is left, its signals are gone.
                let Some(ids) = self.items.try_with_untracked(working) else { return };
                spawn_local(async move { self.look(ids).await });
            },
            LOOK,
        );
    }

    async fn look(self, ids: Vec<DocumentId>) {
        let Some(slug) = self.slug.try_get_value() else { return };
        let found = documents_now(slug, ids.clone()).await;
        self.looking.try_set_value(false);
        self.items.try_update(|items| {
            // Without an answer the same is looked at again.
            let Ok(found) = found else { return };
            items.retain(|item| !ids.contains(&item.id) || found.iter().any(|document| document.id == item.id));
            for document in found {
                if let Some(shown) = items.iter_mut().find(|shown| shown.id == document.id) {
                    *shown = document;
                }
            }
        });
    }

    /// Sends files, some at a time.
    pub fn send(self, files: Vec<File>) {
        for file in files {
            let Some(id) = self.uploads.try_update(|uploads| {
                let id = uploads.last().map_or(0, |last| last.id + 1);
                uploads.push(Upload { id, name: file.name(), progress: RwSignal::new(0.0), failed: RwSignal::new(None) });
                id
            }) else {
                return;
            };
            self.waiting().update_value(|waiting| waiting.push((id, file)));
        }
        for _ in 0..AT_ONCE {
            self.send_next();
        }
    }

    /// Made when the first file comes: only a browser has any, and a server's page goes from thread to thread.
    fn waiting(self) -> Waiting {
        self.waiting.get_value().unwrap_or_else(|| {
            let waiting = StoredValue::new_local(Vec::new());
            self.waiting.set_value(Some(waiting));
            waiting
        })
    }

    fn send_next(self) {
        let next = self.waiting().try_update_value(|waiting| (!waiting.is_empty()).then(|| waiting.remove(0))).flatten();
        let Some((id, file)) = next else { return };
        let upload = self.uploads.with_untracked(|uploads| uploads.iter().find(|upload| upload.id == id).cloned());
        let Some(upload) = upload else { return };
        if file.size() > Document::SIZE_MAX as f64 {
            upload.failed.set(Some(crate::model::document::too_large()));
            return self.send_next();
        }
        let url = format!("{}/files", self.base.get_value());
        let progress = move |part| _ = upload.progress.try_set(part);
        upload::send(&url, &file, &[], progress, move |answer| self.sent(id, answer));
    }

    fn sent(self, id: usize, answer: Result<Vec<Document>>) {
        match answer {
            Ok(documents) => {
                self.uploads.try_update(|uploads| uploads.retain(|upload| upload.id != id));
                documents.into_iter().for_each(|document| self.put(document));
            }
            Err(error) => {
                let upload = self.uploads.try_with_untracked(|uploads| uploads.iter().find(|upload| upload.id == id).cloned());
                if let Some(upload) = upload.flatten() {
                    upload.failed.try_set(Some(error));
                }
            }
        }
        self.send_next();
    }

    pub fn forget(self, id: usize) {
        self.uploads.update(|uploads| uploads.retain(|upload| upload.id != id));
    }
}
