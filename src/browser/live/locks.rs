//! Web Locks: the browser itself knows which tab leads and which tabs are gone, even when one of them crashed.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::{
    prelude::window,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
    web_sys::AbortController,
};
use wasm_bindgen_futures::JsFuture;

/// A lock that is held, or waited for, until this is dropped.
pub struct Lock {
    abort: AbortController,
    release: Rc<RefCell<Option<Function>>>,
}

/// Whether the browser has them. They are missing outside secure contexts.
pub fn available() -> bool {
    manager().is_some()
}

fn manager() -> Option<JsValue> {
    Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)
}

/// Waits for the lock `name`, and calls `granted` once it is held.
pub fn hold(name: &str, granted: impl FnOnce() + 'static) -> Option<Lock> {
    let manager = manager()?;
    let request: Function = Reflect::get(&manager, &"request".into()).ok()?.dyn_into().ok()?;
    let abort = AbortController::new().ok()?;
    let release = Rc::new(RefCell::new(None));
    let callback = callback(release.clone(), granted);
    let options = Object::new();
    Reflect::set(&options, &"signal".into(), &abort.signal()).ok()?;
    let arguments = Array::of3(&name.into(), &options, &callback);
    let held: Promise = request.apply(&manager, &arguments).ok()?.dyn_into().ok()?;
    // It is rejected when the wait is given up, which is no error.
    spawn_local(async move { _ = JsFuture::from(held).await });
    Some(Lock { abort, release })
}

/// The browser holds the lock until the promise that it is given resolves.
fn callback(release: Rc<RefCell<Option<Function>>>, granted: impl FnOnce() + 'static) -> JsValue {
    Closure::once_into_js(move || -> JsValue {
        let held = Promise::new(&mut |resolve, _| *release.borrow_mut() = Some(resolve));
        granted();
        held.into()
    })
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.abort.abort();
        if let Some(resolve) = self.release.borrow_mut().take() {
            _ = resolve.call0(&JsValue::NULL);
        }
    }
}
