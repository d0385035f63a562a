// An enterprise on its way from sign-up to enrolment, through the client that openapi-typescript and openapi-fetch make.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { env: Record<string, string> };
const today = process.env.TODAY;
// a list is also a file: these two types leave its page, and the problems
const client = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: process.env.ADDRESS,
  headers: { Authorization: `Bearer ${process.env.TOKEN}` },
});

function read<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const body = {
  name: "Kayu Contoh",
  legal_form: "CV" as const,
  province: "ID-JT" as const,
  sector: "handicrafts" as const,
  headcount: { women: 20, men: 20 },
  contact: { name: "Ratna Contoh", phone: "0812-3456-7890", language: "id" as const },
  delivery_mode: "direct" as const,
};
const params = { header: { "Idempotency-Key": "sign-up-1" } };
const registered = await client.POST("/v1/enterprises", { params, body });
const { id, nib } = read(registered);
const repeated = await client.POST("/v1/enterprises", { params, body });
const refused = await client.POST("/v1/enterprises", { body });
const problem = refused.error!;
const candidates = problem.type === "/problems/possible-duplicate" ? problem.candidates.map((one) => one.id === id) : [];

const path = { enterprise_id: id };
const tag = registered.response.headers.get("ETag")!;
const corrected = await client.PATCH("/v1/enterprises/{enterprise_id}", {
  params: { path, header: { "If-Match": tag } },
  body: { place: "Kudus" },
});
const changed = corrected.response.headers.get("ETag")!;
const unchanged = await client.GET("/v1/enterprises/{enterprise_id}", {
  params: { path, header: { "If-None-Match": changed } },
});
read(await client.POST("/v1/enterprises/{enterprise_id}/screening", { params: { path }, body: { screened_on: today, reasons: [] } }));
const letter = read(
  await client.POST("/v1/enterprises/{enterprise_id}/letters", {
    params: { path },
    body: "%PDF-1.4\n% A signed letter; invented.\n",
    headers: { "Content-Type": "application/pdf" },
    bodySerializer: (text: string) => text,
  }),
);
read(
  await client.POST("/v1/enterprises/{enterprise_id}/commitment", {
    params: { path },
    body: { signed_on: today, letter_id: letter.id, plan: ["M1"] },
  }),
);
read(await client.POST("/v1/enterprises/{enterprise_id}/enrolment", { params: { path }, body: {} }));
const listed = read(await client.GET("/v1/enterprises", { params: { query: { state: "enrolled" } } }));

console.log(
  JSON.stringify({
    nib: nib ?? null,
    replayed: repeated.response.headers.get("Idempotent-Replayed"),
    candidates,
    place: read(corrected).place,
    unchanged: unchanged.response.status,
    letter: letter.media_type,
    listed: listed.items.map((one) => [one.name, one.state, one.plan.map((planned) => planned.module)]),
    next: listed.next,
  }),
);
