import { expect, it } from "vitest";
import {
  elementSnippet,
  iframeSnippet,
  isLocal,
  linkTo,
  modelAddress,
  modelAsked,
  modelIn,
} from "./addresses";
import { adviceFor } from "./advice";

const page = "https://example.org/nullcline/";

it("makes links, frames and elements", () => {
  expect(linkTo(page, { fragment: "m1=abc" })).toBe("https://example.org/nullcline/#m1=abc");
  expect(linkTo(page, { fragment: "m1=abc" }, true)).toBe("https://example.org/nullcline/?embed#m1=abc");
  const model = { model: "https://osf.io/a?b=1&c=2" };
  const link = linkTo(page, model, true);
  expect(link).toBe("https://example.org/nullcline/?embed&model=https%3A%2F%2Fosf.io%2Fa%3Fb%3D1%26c%3D2");
  expect(modelIn(new URL(link).search)).toBe(model.model);
  expect(iframeSnippet(page, model, 'A "net" <b>')).toContain('title="A &quot;net&quot; &lt;b>"');
  expect(iframeSnippet(page, model, "net")).toContain("?embed&amp;model=");
  expect(elementSnippet(page, { fragment: "m1=abc" }, "net")).toBe(
    '<script src="https://example.org/nullcline/nullcline-model.js" defer></script>\n<nullcline-model src="#m1=abc" title="net"></nullcline-model>',
  );
});

it("knows a page that nobody else can open", () => {
  expect(isLocal(page)).toBe(false);
  expect(isLocal("http://localhost:8080/")).toBe(true);
});

it("takes addresses of files that can be fetched, and says what is wrong with others", () => {
  expect(modelAddress(" https://zenodo.org/run.npz ")).toEqual({
    url: new URL("https://zenodo.org/run.npz"),
  });
  expect(modelAddress("http://localhost:8000/run.npz")).toHaveProperty("url");
  for (const text of [
    "run.npz",
    "http://example.org/run.npz",
    "javascript:alert(1)",
    "data:,x",
    "file:///etc/passwd",
  ])
    expect(modelAddress(text)).toHaveProperty("problem", expect.stringMatching(/https:\/\//));
  expect(modelAddress("https://me:secret@example.org/run.npz")).toHaveProperty(
    "problem",
    expect.stringContaining("password"),
  );
});

it("quotes what a refused address begins with as it is written", () => {
  for (const [text, scheme] of [
    ["javascript:alert(1)", "javascript:"],
    ["data:,x", "data:"],
    ["file:///etc/passwd", "file://"],
    ["http://example.org/run.npz", "http://"],
  ] as const)
    expect(modelAddress(text)).toEqual({
      problem: `Models are fetched from addresses that begin with https://; this one begins with ${scheme}.`,
    });
});

it("reads the one model that an address asks for", () => {
  expect(modelAsked("?embed")).toBeNull();
  expect(modelAsked("?model=https://osf.io/a")).toEqual({ url: new URL("https://osf.io/a") });
  expect(modelAsked("?model=")).toHaveProperty("problem");
  expect(modelAsked("?model=https://osf.io/a&model=https://osf.io/b")).toEqual({
    problem: "The address of this page names 2 models, and one is opened at a time.",
  });
});

it("says what a link of a length survives", () => {
  expect(adviceFor(300)).toEqual([
    { survives: true, words: "Short enough for everything: mail, chat, a QR code." },
  ]);
  const some = adviceFor(3500).map(({ words }) => words);
  expect(some[0]).toBe("Every browser: gets through");
  expect(some).toContain("Slack: gets through");
  expect(some).toContain("Discord: links of more than 2,000 characters do not fit into a message");
  expect(adviceFor(2_000_000).some(({ survives }) => survives)).toBe(false);
});
