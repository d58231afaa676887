import { Suspense } from "react";
import { late } from "./late";
import style from "./QrCode.module.css";

const QrDrawn = late(() => import("./QrDrawn"), "QrDrawn");

interface Props {
  text: string;
  /** What it is, for who does not see it. */
  title: string;
}

/** A text that a telephone can read: dark on white, whatever the colours around it. */
export function QrCode({ text, title }: Props) {
  return (
    <div className={style["qr"]}>
      <Suspense>
        <QrDrawn text={text} title={title} />
      </Suspense>
    </div>
  );
}
