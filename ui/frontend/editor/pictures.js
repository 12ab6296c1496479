// Pictures go to the server at once; until it has answered, the place shows the picture from this computer.
import { toast } from "./dom.js";

const LARGEST = 50 * 1024 * 1024;
const waiting = new Map();
let count = 0;

export const shownSource = (attrs) => (attrs.file ? `/f/${attrs.file}/picture` : waiting.get(attrs.waits)?.address ?? "");

/** Begin to wait for a picture; returns the name of its place. */
export function hold(blob, name = "图片.png") {
  const key = `w${(count += 1)}`;
  waiting.set(key, { blob, name, address: URL.createObjectURL(blob), sent: false });
  return key;
}

const places = (view) => {
  const found = [];
  view.state.doc.descendants((node, at) => {
    if (node.type.name === "image" && node.attrs.waits && !node.attrs.file) found.push([at, node]);
  });
  return found;
};

function settle(view, key, file, width) {
  for (const [at, node] of places(view)) {
    if (node.attrs.waits !== key) continue;
    const wide = node.attrs.width ?? (width && width > 480 ? 480 : width ?? null);
    const tr = file ? view.state.tr.setNodeMarkup(at, null, { ...node.attrs, file, width: wide }) : view.state.tr.delete(at, at + node.nodeSize);
    view.dispatch(tr);
    return;
  }
}

async function send(view, key, upload) {
  const held = waiting.get(key);
  if (!held || held.sent) return;
  held.sent = true;
  if (held.blob.size > LARGEST) {
    settle(view, key, null);
    return toast(`《${held.name}》有 ${Math.round(held.blob.size / 1048576)} MB，太大了。请把图片缩小到 50 MB 以内再放`);
  }
  const answer = await upload(held.blob, held.name);
  settle(view, key, answer.file ?? null, answer.width);
  if (!answer.file) toast(answer.sentence);
}

/** Send every picture of this view that nobody has sent. */
export function sendAll(view, upload) {
  for (const [, node] of places(view)) send(view, node.attrs.waits, upload);
}

/** Blobs of a data: address; null when it is none. */
export function blobOf(address) {
  const found = /^data:(image\/[a-z+.-]+);base64,([A-Za-z0-9+/=\s]+)$/.exec(address);
  if (!found) return null;
  const bytes = Uint8Array.from(atob(found[2].replace(/\s/g, "")), (sign) => sign.charCodeAt(0));
  return new Blob([bytes], { type: found[1] });
}
