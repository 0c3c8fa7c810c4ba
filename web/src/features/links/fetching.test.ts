import { expect, it } from "vitest";
import { mostBytes } from "../files/size";
import { fetchFile } from "./fetching";

const url = new URL("https://example.org/some/my%20run.npz?download=1");
const answering = (response: Response) => () => Promise.resolve(response);

it("fetches a file under its own name", async () => {
  const file = await fetchFile(url, answering(new Response("abc")));
  expect(file.name).toBe("my run.npz");
  expect(await file.text()).toBe("abc");
});

it("says what went wrong", async () => {
  await expect(fetchFile(url, answering(new Response("", { status: 404 })))).rejects.toThrow("404");
  await expect(fetchFile(url, () => Promise.reject(new TypeError("net")))).rejects.toThrow("CORS");
});

it("keeps no more than is allowed, whatever the server says", async () => {
  const claims = new Response("abc", { headers: { "Content-Length": String(mostBytes + 1) } });
  await expect(fetchFile(url, answering(claims))).rejects.toThrow("larger");
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 10_000_000;
      controller.enqueue(new Uint8Array(10_000_000));
    },
  });
  await expect(fetchFile(url, answering(new Response(endless)))).rejects.toThrow("larger");
  expect(sent).toBeLessThan(mostBytes + 3e7);
});
