//! Who asks. A permission stands in the signature of its handler: [`ApiMember`] for what every member may, [`ApiAdmin`]
//! for what admins and owners may. Only a bearer key counts here; cookies are not read.

use super::{input::path_part, problem::Problem};
use crate::{
    error::{AppError, Result},
    model::group::Slug,
    server::{
        member::{self, Admin, Member},
        state::App,
    },
};
use axum::{extract::FromRequestParts, http::request::Parts};

/// A member of the group that the path names, by their key.
pub struct ApiMember {
    pub app: App,
    pub member: Member,
}

/// The same, of one who manages the group.
pub struct ApiAdmin {
    pub app: App,
    pub admin: Admin,
}

impl FromRequestParts<App> for ApiMember {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self { member: member(parts, app).await?, app: app.clone() })
    }
}

impl FromRequestParts<App> for ApiAdmin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self { admin: member(parts, app).await?.admin()?, app: app.clone() })
    }
}

async fn member(parts: &mut Parts, app: &App) -> Result<Member> {
    let slug = path_part(parts, "slug").await?;
    // No group has a name that is none.
    let slug = Slug::parse(&slug).map_err(|_| AppError::NotFound)?;
    member::by_key(app, &parts.headers, &slug).await
}
