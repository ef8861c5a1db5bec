//! What can be bound to a statement: a closed list, so that a statement is never prepared with two types for one place.

use crate::ids::{
    AgentId, CallId, ChunkId, ConnectionId, DocumentId, DocumentVersionId, EmbeddingGenerationId, EscalationId, EventId, GroupId,
    KeyId, MessageId, PersonId, RetrievalCheckId, RunId, TaskId, ThreadId, ToolCallId, ToolSourceId,
};
use crate::ids::{BudgetId, DeliveryId};
use sqlx::{Arguments, sqlite::SqliteArguments};
use uuid::Uuid;

/// A value on its way into a statement. NULL keeps its type, which other engines ask for.
pub enum Value {
    Int(Option<i64>),
    Float(Option<f64>),
    Bool(Option<bool>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Uuid(Option<Uuid>),
}

impl Value {
    pub(super) fn add_to(self, arguments: &mut SqliteArguments) {
        // Adding fails only where a value cannot be encoded, which none of these can.
        let _ = match self {
            Self::Int(v) => arguments.add(v),
            Self::Float(v) => arguments.add(v),
            Self::Bool(v) => arguments.add(v),
            Self::Text(v) => arguments.add(v),
            Self::Bytes(v) => arguments.add(v),
            Self::Uuid(v) => arguments.add(v),
        };
    }
}

/// One argument of a statement.
pub trait Bind: Send {
    fn value(self) -> Value;
    fn null() -> Value;
}

impl<T: Bind> Bind for Option<T> {
    fn value(self) -> Value {
        self.map_or_else(T::null, T::value)
    }
    fn null() -> Value {
        T::null()
    }
}

macro_rules! bind {
    ($($type:ty => $kind:ident, |$v:ident| $into:expr;)*) => {$(
        impl Bind for $type {
            fn value(self) -> Value {
                let $v = self;
                Value::$kind(Some($into))
            }
            fn null() -> Value {
                Value::$kind(None)
            }
        }
    )*};
}

bind! {
    i64 => Int, |v| v;
    f64 => Float, |v| v;
    bool => Bool, |v| v;
    &str => Text, |v| v.to_owned();
    String => Text, |v| v;
    &String => Text, |v| v.clone();
    &[u8] => Bytes, |v| v.to_owned();
    Vec<u8> => Bytes, |v| v;
    [u8; 32] => Bytes, |v| v.to_vec();
    Uuid => Uuid, |v| v;
    GroupId => Uuid, |v| v.uuid();
    PersonId => Uuid, |v| v.uuid();
    AgentId => Uuid, |v| v.uuid();
    ThreadId => Uuid, |v| v.uuid();
    MessageId => Uuid, |v| v.uuid();
    RunId => Uuid, |v| v.uuid();
    CallId => Uuid, |v| v.uuid();
    EventId => Uuid, |v| v.uuid();
    ConnectionId => Uuid, |v| v.uuid();
    KeyId => Uuid, |v| v.uuid();
    DocumentId => Uuid, |v| v.uuid();
    DocumentVersionId => Uuid, |v| v.uuid();
    ChunkId => Int, |v| v.get();
    ToolCallId => Uuid, |v| v.uuid();
    TaskId => Uuid, |v| v.uuid();
    EscalationId => Uuid, |v| v.uuid();
    ToolSourceId => Uuid, |v| v.uuid();
    BudgetId => Uuid, |v| v.uuid();
    DeliveryId => Uuid, |v| v.uuid();
    EmbeddingGenerationId => Uuid, |v| v.uuid();
    RetrievalCheckId => Uuid, |v| v.uuid();
}

/// The arguments of a statement: a tuple, in the order of `$1`, `$2`, …
pub trait Args: Send {
    fn values(self) -> Vec<Value>;
}

macro_rules! args {
    ($($name:ident)*) => {
        impl<$($name: Bind),*> Args for ($($name,)*) {
            #[expect(non_snake_case, reason = "one name serves as type and as variable")]
            fn values(self) -> Vec<Value> {
                let ($($name,)*) = self;
                vec![$($name.value()),*]
            }
        }
    };
}

impl Args for () {
    fn values(self) -> Vec<Value> {
        Vec::new()
    }
}

args!(A);
args!(A B);
args!(A B C);
args!(A B C D);
args!(A B C D E);
args!(A B C D E F);
args!(A B C D E F G);
args!(A B C D E F G H);
args!(A B C D E F G H I);
args!(A B C D E F G H I J);
args!(A B C D E F G H I J K);
args!(A B C D E F G H I J K L);
args!(A B C D E F G H I J K L M);
args!(A B C D E F G H I J K L M N);
args!(A B C D E F G H I J K L M N O);
args!(A B C D E F G H I J K L M N O P);

/// More arguments than a tuple holds: tuples one after the other.
impl<X: Args, Y: Args> Args for Chain<X, Y> {
    fn values(self) -> Vec<Value> {
        let mut values = self.0.values();
        values.extend(self.1.values());
        values
    }
}

pub struct Chain<X, Y>(pub X, pub Y);
