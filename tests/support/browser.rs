//! What a browser does: forms, server functions with a cookie, one event stream.

use super::{Server, server::PATIENCE};
use futures::{StreamExt, stream::BoxStream};
use guildhall::{
    ids::{AgentId, DocumentId, RunId, ThreadId},
    model::{
        agent::Agent,
        document::{Document, DocumentExcerpt},
        live::LiveEvent,
        page::Page,
        run::Run,
        task::Task,
        thread::ThreadPage,
    },
    server::outbound,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

#[expect(clippy::disallowed_methods, reason = "a test talks to a server on this machine")]
pub fn client() -> reqwest::Client {
    outbound::install_crypto();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub struct Browser {
    client: reqwest::Client,
    base: String,
    cookie: String,
}

impl Browser {
    pub async fn sign_up(server: &Server) -> Self {
        let (client, base) = (client(), server.url(""));
        let form = "name=Ada&email=ada%40example.org&password=a+short+sentence&group_name=Harbor";
        let answer = client.post(format!("{base}/fn/sign_up")).header("content-type", FORM).body(form).send().await.unwrap();
        let cookie = answer.headers().get("set-cookie").expect("signing up signs in").to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { client, base, cookie }
    }

    async fn post(&self, function: &str, kind: &str, body: String) -> reqwest::Response {
        let request = self.client.post(format!("{}/fn/{function}", self.base)).header("cookie", &self.cookie);
        let answer = request.header("origin", &self.base).header("content-type", kind).body(body).send().await.unwrap();
        assert!(answer.status().as_u16() < 400, "{function}: {}", answer.text().await.unwrap());
        answer
    }

    async fn call<T: DeserializeOwned>(&self, function: &str, input: Value) -> T {
        let text = self.post(function, "application/json", input.to_string()).await.text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    pub async fn scripted_agent(&self, model: &str) -> AgentId {
        let draft = json!({ "name": "Told", "provider": "scripted", "model": model });
        self.call::<Agent>("create_agent", json!({ "slug": "harbor", "draft": draft })).await.id
    }

    /// An agent that makes a task of whatever it is told.
    pub async fn task_maker(&self) -> AgentId {
        let draft = json!({ "name": "Clerk", "provider": "scripted", "model": "tool", "tools": ["createTask"] });
        self.call::<Agent>("create_agent", json!({ "slug": "harbor", "draft": draft })).await.id
    }

    /// Titles of all open tasks.
    pub async fn tasks(&self) -> Vec<String> {
        let page: Page<Task> = self.call("tasks", json!({ "slug": "harbor", "filter": {}, "after": null })).await;
        page.items.into_iter().map(|task| task.title).collect()
    }

    /// Adds a document from a file, or replaces one.
    pub async fn upload(&self, replaced: Option<DocumentId>, name: &str, content: &str) -> Document {
        let target = replaced.map(|id| format!("--x\r\nContent-Disposition: form-data; name=\"document\"\r\n\r\n{id}\r\n"));
        let file =
            format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{content}\r\n--x--\r\n");
        let request = self.client.post(format!("{}/g/harbor/knowledge/files", self.base)).header("cookie", &self.cookie);
        let request = request.header("origin", &self.base).header("accept", "application/json");
        let request = request.header("content-type", "multipart/form-data; boundary=x");
        let answer = request.body(format!("{}{file}", target.unwrap_or_default())).send().await.unwrap();
        let text = answer.text().await.unwrap();
        serde_json::from_str::<Vec<Document>>(&text).unwrap_or_else(|error| panic!("{error}: {text}")).remove(0)
    }

    pub async fn excerpt(&self, id: DocumentId) -> DocumentExcerpt {
        self.call("document_excerpt", json!({ "slug": "harbor", "id": id, "wanted": {} })).await
    }

    pub async fn start_thread(&self, agent: AgentId, text: &str) -> ThreadId {
        let form = format!("slug=harbor&agent_id={agent}&text={}", text.replace(' ', "+"));
        let text = self.post("start_thread", FORM, form).await.text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    pub async fn thread(&self, id: ThreadId) -> ThreadPage {
        self.call("thread", json!({ "slug": "harbor", "id": id })).await
    }

    /// The thread once nothing of it goes on or waits.
    pub async fn settled(&self, id: ThreadId) -> ThreadPage {
        let mut live = self.follow(id, "").await;
        loop {
            let page = self.thread(id).await;
            if page.snapshot.run.is_none() && page.snapshot.queued.is_empty() {
                return page;
            }
            live.next().await;
        }
    }

    pub async fn go_on(&self, run: RunId) -> RunId {
        let text = self.post("continue_run", FORM, format!("slug=harbor&run_id={run}")).await.text().await.unwrap();
        serde_json::from_str::<Run>(&text).unwrap().id
    }

    pub async fn follow(&self, thread: ThreadId, cursor: &str) -> Live {
        let request = self.client.get(format!("{}/live?thread={thread}@{cursor}", self.base)).header("cookie", &self.cookie);
        let answer = request.header("sec-fetch-site", "same-origin").send().await.unwrap();
        assert!(answer.status().is_success());
        Live { bytes: answer.bytes_stream().map(|chunk| chunk.unwrap().to_vec()).boxed(), text: Vec::new() }
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// An open event stream.
pub struct Live {
    bytes: BoxStream<'static, Vec<u8>>,
    text: Vec<u8>,
}

impl Live {
    pub async fn next(&mut self) -> LiveEvent {
        tokio::time::timeout(PATIENCE, self.event()).await.expect("an event comes")
    }

    async fn event(&mut self) -> LiveEvent {
        loop {
            if let Some(end) = self.text.windows(2).position(|two| two == b"\n\n") {
                let frame: Vec<u8> = self.text.drain(..end + 2).collect();
                let frame = String::from_utf8(frame).unwrap();
                if let Some(data) = frame.lines().find_map(|line| line.strip_prefix("data: ")) {
                    return serde_json::from_str(data).unwrap();
                }
                continue;
            }
            let chunk = self.bytes.next().await.expect("the stream stays open");
            self.text.extend(chunk);
        }
    }
}
