import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { pictureQuery } from "../../../api/attachments";
import { ProblemLine } from "../../../parts/ProblemLine";
import style from "./Timeline.module.css";

/** Height of what stands in its place while it is read, pixels. */
const HEIGHT = 160;

interface Props {
  ticket: number;
  attachment: string;
  name: string;
}

export function Picture({ ticket, attachment, name }: Props) {
  const picture = useQuery(pictureQuery(ticket, attachment));
  const bytes = picture.data;
  const show = useCallback(
    (link: HTMLAnchorElement | null) => {
      const image = link?.querySelector("img");
      if (!link || !image || !bytes) return undefined;
      const address = URL.createObjectURL(bytes);
      link.href = address;
      image.src = address;
      return () => URL.revokeObjectURL(address);
    },
    [bytes],
  );
  if (picture.isError) return <ProblemLine failure={picture.error} />;
  if (!bytes) return <Skeleton height={HEIGHT} width={HEIGHT * 2} radius="md" />;
  return (
    <a ref={show} href="#main" target="_blank" rel="noreferrer" className={style["picture"]}>
      <img alt={name} />
    </a>
  );
}
