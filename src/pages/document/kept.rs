//! The newest answer about a document, and what is shown instead where there is none.

use crate::{
    error::{AppError, Result},
    ids::DocumentId,
    model::document::DocumentExcerpt,
};

/// The last good answer. One that fails takes nothing off the screen: the connection may be back with the next.
#[derive(Debug, Default)]
pub struct Kept(Option<DocumentExcerpt>);

impl Kept {
    /// What is shown of the document `id` after this answer. That it is gone, or that it is another one, is not held up.
    pub fn after(&mut self, answer: Result<DocumentExcerpt>, id: Option<DocumentId>) -> Result<DocumentExcerpt> {
        match (answer, self.0.take().filter(|kept| Some(kept.document.id) == id)) {
            (Err(error), Some(kept)) if error != AppError::NotFound => {
                self.0 = Some(kept.clone());
                Ok(kept)
            }
            (answer, _) => {
                self.0 = answer.as_ref().ok().cloned();
                answer
            }
        }
    }
}

/// What a page is one about: a document, or an error of one kind.
pub fn subject(shown: &Result<DocumentExcerpt>) -> std::result::Result<DocumentId, &'static str> {
    shown.as_ref().map(|excerpt| excerpt.document.id).map_err(AppError::code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::{Document, DocumentKind, DocumentStatus};
    use uuid::Uuid;

    fn excerpt(id: u128, passage: &str) -> DocumentExcerpt {
        let document = Document {
            id: DocumentId::from_uuid(Uuid::from_u128(id)),
            title: "Beans".to_owned(),
            kind: Some(DocumentKind::Text),
            file_name: None,
            source_url: None,
            size: Some(1),
            chunks: 1,
            status: DocumentStatus::Ready,
            error: None,
            replacement: None,
            person: None,
            created_at: 0,
            updated_at: 0,
        };
        let (before, after) = (String::new(), String::new());
        DocumentExcerpt { document, before, passage: passage.to_owned(), after, length: 0, start: 0, end: 0, served_at: None }
    }

    #[test]
    fn an_answer_that_fails_takes_nothing_away_unless_the_document_is_gone() {
        let (one, newer, other) = (excerpt(1, "one"), excerpt(1, "newer"), excerpt(2, "other"));
        let (id, elsewhere) = (Some(one.document.id), Some(other.document.id));
        let mut kept = Kept::default();
        assert_eq!(kept.after(Err(AppError::Offline), id), Err(AppError::Offline), "nothing is known yet");
        assert_eq!(kept.after(Ok(one.clone()), id), Ok(one.clone()));
        assert_eq!(kept.after(Err(AppError::Offline), id), Ok(one.clone()));
        assert_eq!(kept.after(Err(AppError::Offline), id), Ok(one));
        assert_eq!(kept.after(Ok(newer.clone()), id), Ok(newer.clone()));
        assert_eq!(kept.after(Err(AppError::NotFound), id), Err(AppError::NotFound));
        assert_eq!(kept.after(Err(AppError::Offline), id), Err(AppError::Offline), "it is gone");
        assert_eq!(kept.after(Ok(newer), id).map(|_| ()), Ok(()));
        assert_eq!(kept.after(Err(AppError::Offline), elsewhere), Err(AppError::Offline), "another document is asked for");
        assert_eq!(kept.after(Ok(other.clone()), elsewhere), Ok(other));
    }

    #[test]
    fn errors_of_one_kind_are_one_page() {
        assert_eq!(subject(&Err(AppError::Offline)), subject(&Err(AppError::Offline)));
        assert_ne!(subject(&Err(AppError::Offline)), subject(&Err(AppError::NotFound)));
    }
}
