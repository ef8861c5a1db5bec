//! `guildhall demo`: a group that looks lived in, to be looked at before there is one of one's own.
//!
//! | file | what it makes |
//! |---|---|
//! | `cast` | people, agents and documents |
//! | `talk` | what is asked and answered |
//! | `days` | ninety days of threads and calls, through the same ledger as real ones |
//! | `caps` | budgets that fit what is used |
//! | `dice` | the same choices each time |

mod caps;
mod cast;
mod days;
mod dice;
mod talk;

use crate::{
    error::{AppError, Result},
    ids::{GroupId, PersonId},
    model::{
        calendar::DayNumber,
        group::{Group, Slug},
        person::{Email, Person},
    },
    server::{
        account, agents, groups, member,
        state::App,
        store::{Actor, people},
        usage::{
            days as usage_days, statement,
            zone::{DAY, Zone},
        },
    },
};
use cast::{Cast, PEOPLE};

/// The clock by which the demo's days are counted.
const ZONE: &str = "Europe/Lisbon";

/// What was made.
pub struct Demo {
    pub people: Vec<(Person, &'static str)>,
    pub password: String,
    pub calls: usize,
}

/// How far back the demo begins.
pub const DAYS: i64 = 90;

/// Makes the group `demo`, with so many days behind it, in a database that holds nothing. The same moment gives the same
/// figures.
pub async fn fill(app: &App, days: i64) -> Result<Demo> {
    let slug = Slug::parse("demo")?;
    // The command line acts for the operator, who owns the whole server.
    if app.store.system().holds_anything().await? {
        return Err(AppError::conflict(format!(
            "There are people or groups in {} already, and the demo is not mixed with them. Make it in another folder: \
            guildhall demo --data FOLDER, and then guildhall serve --data FOLDER.",
            app.settings.data.display()
        )));
    }
    // Whoever reads the terminal knows it, and nobody else.
    let password = format!("demo-{}", &hex::encode(app.clock.secret())[..16]);
    let group = Group { id: GroupId::from_uuid(app.clock.uuid()), slug, name: "Harbor Clinic".to_owned() };
    let people = found(app, &group, &password).await?;
    let mut members = Vec::new();
    for (person, _) in &people {
        members.push(member::of_group(app, person.clone(), &group.slug).await?);
    }
    let owner = members.first().ok_or(AppError::NotFound)?.admin()?;
    groups::set_time_zone(app, &owner, ZONE).await?;
    let cast = Cast::gather(app, &owner, members).await?;
    let zone = Zone::parse(ZONE)?;
    let today: DayNumber = zone.day(app.clock.now());
    let calls = days::live(app, &cast, &zone, today, days).await?;
    usage_days::close_all(app).await?;
    statement::close_all(app).await?;
    caps::set(app, &owner, &cast).await?;
    Ok(Demo { people, password, calls })
}

/// The group and its people, all with one password.
async fn found(app: &App, group: &Group, password: &str) -> Result<Vec<(Person, &'static str)>> {
    let hash = app.passwords.hash(password.to_owned()).await?;
    let guide = agents::guide(app).await;
    let joined = app.clock.now() - 100 * DAY;
    let mut tx = app.store.begin().await?;
    account::found_group(app, &mut tx, group, &guide, None).await?;
    let mut made = Vec::new();
    for (name, role) in PEOPLE {
        let first = name.split(' ').next().unwrap_or(name).to_lowercase();
        let person = Person {
            id: PersonId::from_uuid(app.clock.uuid()),
            email: Email::parse(&format!("{first}@demo.example"))?,
            name: name.to_owned(),
            created_at: joined,
        };
        if !people::insert(&mut tx, &person, &hash).await? {
            return Err(AppError::conflict(format!("Somebody with the address {} exists already.", person.email)));
        }
        account::join(app, &mut tx, (group, &person), role, Actor { group: Some(group.id), person: None }).await?;
        made.push((person, role.as_str()));
    }
    tx.commit().await?;
    Ok(made)
}
