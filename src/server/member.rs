//! Proofs of who asks. Only this file makes a [`Member`], and a tenant's data is reached through one alone.

use crate::{
    error::{AppError, Result},
    ids::{GroupId, KeyId, PersonId},
    model::{
        group::{Group, Role, Slug},
        person::{Membership, Person},
    },
    server::{runs::lease::Lease, session, state::App},
};
use axum::http::{HeaderMap, header::AUTHORIZATION};
use sha2::{Digest, Sha256};
use std::ops::Deref;

/// A person in a group, with the role at this moment. There is no way to make one but by signing in or by a key.
#[derive(Debug, Clone)]
pub struct Member {
    person: Person,
    group: Group,
    role: Role,
    /// The key that was shown, where one was.
    key: Option<KeyId>,
}

impl Member {
    pub fn group_id(&self) -> GroupId {
        self.group.id
    }

    pub fn person_id(&self) -> PersonId {
        self.person.id
    }

    pub fn group_slug(&self) -> &Slug {
        &self.group.slug
    }

    pub fn group_name(&self) -> &str {
        &self.group.name
    }

    pub fn name(&self) -> &str {
        &self.person.name
    }

    pub fn role(&self) -> Role {
        self.role
    }

    /// The key by which they ask: what it costs is the key's, too.
    pub fn key_id(&self) -> Option<KeyId> {
        self.key
    }

    /// The strongest proof: of one who answers for the group's money.
    pub fn owner(&self) -> Result<Owner> {
        if self.role == Role::Owner {
            Ok(Owner(self.clone()))
        } else {
            Err(AppError::Forbidden { message: "Only the group's owners can do this.".to_owned() })
        }
    }

    /// The stronger proof of one who manages the group.
    pub fn admin(&self) -> Result<Admin> {
        if self.role.manages() {
            Ok(Admin(self.clone()))
        } else {
            Err(AppError::Forbidden { message: "Only the group's admins and owners can do this.".to_owned() })
        }
    }
}

/// An owner.
#[derive(Debug, Clone)]
pub struct Owner(Member);

impl Deref for Owner {
    type Target = Member;

    fn deref(&self) -> &Member {
        &self.0
    }
}

/// An owner or an admin.
#[derive(Debug, Clone)]
pub struct Admin(Member);

impl Deref for Admin {
    type Target = Member;

    fn deref(&self) -> &Member {
        &self.0
    }
}

/// The proof for the request that is being answered (a server function or a page): whoever is signed in, in this group.
/// A group that one does not belong to does not exist.
pub async fn current(slug: &Slug) -> Result<(App, Member)> {
    let app = session::app()?;
    let (person, found) = session::current_in(&app, slug).await?.ok_or(AppError::Unauthorised)?;
    let Membership { group, role } = found.ok_or(AppError::NotFound)?;
    Ok((app, Member { person, group, role, key: None }))
}

/// The proof for a plain request of a browser, such as a download or an upload: whoever its cookie names, in this group.
pub async fn by_cookie(app: &App, headers: &HeaderMap, slug: &Slug) -> Result<Member> {
    let session = session::of_request(app, headers).await?.ok_or(AppError::Unauthorised)?;
    // No member's proof can exist before this look-up: it is what makes one.
    let found = app.store.system().membership(slug, session.person.id).await?;
    let Membership { group, role } = found.ok_or(AppError::NotFound)?;
    Ok(Member { person: session.person, group, role, key: None })
}

/// The proof for a person in one of their groups, without a session: for the command line, which acts for whoever owns
/// the server, and for tests.
pub async fn of_group(app: &App, person: Person, slug: &Slug) -> Result<Member> {
    // No member's proof can exist before this look-up: it is what makes one.
    let found = app.store.system().membership(slug, person.id).await?;
    let Membership { group, role } = found.ok_or(AppError::NotFound)?;
    Ok(Member { person, group, role, key: None })
}

/// The proof for what an agent does in a member's name while it works for them: of whoever a run belongs to, as long as
/// they are a member. The lease is what leads to the run.
pub async fn of_run(app: &App, lease: &Lease, person: PersonId) -> Result<Option<Member>> {
    // No member's proof can exist before this look-up, as above.
    let found = app.store.system().membership_of(lease.group, person).await?;
    Ok(found.map(|(person, Membership { group, role })| Member { person, group, role, key: None }))
}

/// Every group of a signed-in person, as proofs: what the one event stream of a browser covers.
pub async fn of_all_groups(app: &App, person: &Person) -> Result<Vec<Member>> {
    let found = app.store.system().memberships(person.id).await?;
    Ok(found.into_iter().map(|Membership { group, role }| Member { person: person.clone(), group, role, key: None }).collect())
}

/// The proof for a request with a bearer key. A key opens its own group only; any other does not exist for it.
pub async fn by_key(app: &App, headers: &HeaderMap, slug: &Slug) -> Result<Member> {
    let key = bearer(headers).ok_or(AppError::Unauthorised)?;
    let hash: [u8; 32] = Sha256::digest(key.as_bytes()).into();
    // Before this look-up nobody is known: the key is what makes somebody.
    let holder = app.store.system().key(hash).await?.ok_or(AppError::Unauthorised)?;
    if holder.membership.group.slug != *slug {
        return Err(AppError::NotFound);
    }
    let now = app.clock.now();
    if holder.used_at.is_none_or(|used| now - used > KEY_USE_NOTED_MS) {
        // The key's own line; the proof is made of it only now.
        app.store.system().key_used(holder.key, now).await?;
    }
    let Membership { group, role } = holder.membership;
    Ok(Member { person: holder.person, group, role, key: Some(holder.key) })
}

/// How often the use of a key is written down.
const KEY_USE_NOTED_MS: i64 = 60_000;

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim()).filter(|key| !key.is_empty())
}
