//! Files on tickets.

import { queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "./client";

/** As the collector takes them, bytes. */
export const MOST_BYTES = 8 << 20;

export function attach(ticket: number, file: File, side: Schemas["Side"] | undefined): Promise<Schemas["AttachmentView"]> {
  const query = { name: file.name, ...(side && { side }) };
  return ask(
    api.POST("/api/v1/tickets/{ticket}/attachments", {
      params: { path: { ticket: String(ticket) }, query },
      headers: { "Content-Type": "application/octet-stream" },
      // The document calls bytes text.
      body: file as unknown as string,
      bodySerializer: (body) => body,
    }),
  );
}

const one = (ticket: number, attachment: string) => ({ path: { ticket: String(ticket), attachment } });

/** The file as it is; a browser that opens it keeps it. */
export function attachmentAddress(ticket: number, attachment: string): string {
  return `/api/v1/tickets/${ticket}/attachments/${attachment}`;
}

/** A picture, to be shown: only what its bytes show to be one is asked for. */
export const pictureQuery = (ticket: number, attachment: string) =>
  queryOptions({
    queryKey: ["attachment", ticket, attachment],
    queryFn: async ({ signal }): Promise<Blob> => {
      const params = one(ticket, attachment);
      return (await ask(api.GET("/api/v1/tickets/{ticket}/attachments/{attachment}", { params, parseAs: "blob", signal }))) as unknown as Blob;
    },
    staleTime: Infinity,
  });
