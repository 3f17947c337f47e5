// The search of the site when it is opened from a folder, where browsers start no workers: a hidden frame takes the worker's place.
// The theme's worker looks for IFrameWorker in its parent, and loads its parts by importScripts.
if (location.protocol === "file:") {
  window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.ready = new Promise((loaded) => {
        document.body.appendChild(this.frame);
        const inner = this.frame.contentWindow;
        inner.document.open();
        inner.document.write("<!doctype html><html><body></body></html>");
        inner.document.close();
        inner.postMessage = (data) => {
          const event = new MessageEvent("message", { data });
          this.dispatchEvent(event);
          if (this.onmessage) this.onmessage(event);
        };
        const load = (source) =>
          new Promise((done, failed) => {
            const script = inner.document.createElement("script");
            script.src = source;
            script.onload = done;
            script.onerror = failed;
            inner.document.body.appendChild(script);
          });
        inner.importScripts = (...sources) => sources.reduce((before, source) => before.then(() => load(source)), Promise.resolve());
        load(new URL(url, location.href).href).then(loaded);
      });
    }
    postMessage(data) {
      this.ready.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })));
    }
    terminate() {
      this.frame.remove();
    }
  };
  window.Worker = window.IFrameWorker;
}
