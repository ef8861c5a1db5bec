//! The one set of icons: 20 units square, a stroke of 1.5, drawn in the colour of the text around.
//!
//! An icon is decoration: whatever it stands on has a label or an accessible name of its own.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IconName {
    Agent,
    Alert,
    Archive,
    ArrowDown,
    ArrowLeft,
    Book,
    Chart,
    Check,
    ChevronDown,
    ChevronRight,
    Clock,
    Close,
    Copy,
    Edit,
    Eye,
    EyeOff,
    Home,
    Info,
    Keyboard,
    Menu,
    Moon,
    More,
    Person,
    Plus,
    Restore,
    Retry,
    Screen,
    Search,
    Send,
    SignOut,
    Sliders,
    Stop,
    Sun,
    Switch,
    Task,
    Thread,
    Trash,
    Upload,
}

impl IconName {
    fn path(self) -> &'static str {
        match self {
            Self::Agent => "M10 3l1.8 5.2L17 10l-5.2 1.8L10 17l-1.8-5.2L3 10l5.2-1.8z",
            Self::Alert => "M10 3.5l7 12.5H3zM10 8.5V12M10 14h.01",
            Self::Archive => "M3.5 4.5h13v3h-13zM4.5 7.5v7a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-7M8 10.5h4",
            Self::ArrowDown => "M10 4v12M5 11l5 5 5-5",
            Self::ArrowLeft => "M16 10H4M9 5l-5 5 5 5",
            Self::Book => {
                "M4 4.5h5a1 1 0 0 1 1 1V16a1.5 1.5 0 0 0-1.5-1.5H4zM16 4.5h-5a1 1 0 0 0-1 1V16a1.5 1.5 0 0 1 1.5-1.5H16z"
            }
            Self::Chart => "M3.5 16.5h13M5.5 13.5v-4M10 13.5v-9M14.5 13.5v-6",
            Self::Check => "M4 10.5l4 4 8-9",
            Self::ChevronDown => "M5.5 8l4.5 4.5L14.5 8",
            Self::ChevronRight => "M8 5.5l4.5 4.5L8 14.5",
            Self::Clock => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l2.5 2",
            Self::Close => "M5 5l10 10M15 5L5 15",
            Self::Copy => "M8 7h7a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1zM4 13V5a1 1 0 0 1 1-1h8",
            Self::Edit => "M4 16l.8-3.4L13 4.4a1.4 1.4 0 0 1 2 0l.6.6a1.4 1.4 0 0 1 0 2l-8.2 8.2zM11.5 6L14 8.5",
            Self::Eye => {
                "M2.5 10c1.7-3.2 4.3-5 7.5-5s5.8 1.8 7.5 5c-1.7 3.2-4.3 5-7.5 5s-5.8-1.8-7.5-5z\
                 M10 7.75a2.25 2.25 0 1 0 0 4.5 2.25 2.25 0 0 0 0-4.5z"
            }
            Self::EyeOff => "M2.5 10c1.7-3.2 4.3-5 7.5-5s5.8 1.8 7.5 5c-1.7 3.2-4.3 5-7.5 5s-5.8-1.8-7.5-5zM4 16L16 4",
            Self::Home => "M3.5 9L10 3.5 16.5 9v7H12v-4H8v4H3.5z",
            Self::Info => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 9v4.5M10 6.5h.01",
            Self::Keyboard => "M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M7 11.5h6",
            Self::Menu => "M3 6h14M3 10h14M3 14h14",
            Self::Moon => "M16 11.5A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5z",
            Self::More => "M5 10h.01M10 10h.01M15 10h.01",
            Self::Person => "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.5c.8-2.8 3-4 6-4s5.2 1.2 6 4",
            Self::Plus => "M10 4v12M4 10h12",
            Self::Restore => "M4.5 7.5h7a4 4 0 0 1 0 8H7M8 4L4.5 7.5 8 11",
            Self::Retry => "M15.5 10a5.5 5.5 0 1 1-1.6-3.9l1.6 1.4M15.5 4v3.5H12",
            Self::Screen => "M3 4.5h14v9H3zM7.5 16.5h5M10 13.5v3",
            Self::Search => "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4zM12.7 12.7l3.8 3.8",
            Self::Send => "M10 16V4.5M5 9.5l5-5 5 5",
            Self::SignOut => "M8 4H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h3M12.5 6.5L16 10l-3.5 3.5M16 10H8",
            Self::Sliders => "M4 6h7M15 6h1M4 14h1M9 14h7M13 4v4M7 12v4",
            Self::Stop => "M6 6h8v8H6z",
            Self::Sun => {
                "M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM10 2.5V4M10 16v1.5M2.5 10H4M16 10h1.5\
                 M4.7 4.7l1 1M14.3 14.3l1 1M15.3 4.7l-1 1M5.7 14.3l-1 1"
            }
            Self::Switch => "M6.5 8L10 4.5 13.5 8M6.5 12l3.5 3.5 3.5-3.5",
            Self::Task => "M4.5 4.5h11v11h-11zM7 10l2.2 2.2L13.2 8",
            Self::Thread => "M4 4.5h12a1 1 0 0 1 1 1V13a1 1 0 0 1-1 1H9.5L6 17v-3H4a1 1 0 0 1-1-1V5.5a1 1 0 0 1 1-1z",
            Self::Trash => "M4 6h12M8 6V4.5h4V6M5.5 6l.7 9.5a1 1 0 0 0 1 .9h5.6a1 1 0 0 0 1-.9l.7-9.5M8.5 9v4.5M11.5 9v4.5",
            Self::Upload => "M10 13V4M6 7.5L10 3.5l4 4M4 13v2.5a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V13",
        }
    }
}

/// Draws an icon, 16 pixels square unless `size` says 20.
#[component]
pub fn Icon(name: IconName, #[prop(default = 16)] size: u8) -> impl IntoView {
    view! {
        <svg class="icon" width=size.to_string() height=size.to_string() viewBox="0 0 20 20" fill="none" stroke="currentColor"
            stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d=name.path()></path>
        </svg>
    }
}
