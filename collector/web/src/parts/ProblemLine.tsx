import { Icon } from "./Icon";
import style from "./ProblemLine.module.css";
import { useProblemText } from "./problemText";

/** What a form or a button could not do, beside it. */
export function ProblemLine({ failure }: { failure: unknown }) {
  const text = useProblemText(failure);
  return (
    <div role="alert" className={style["line"]}>
      <Icon name="warning" />
      <span>
        <strong>{text.title}</strong> {text.detail && <span>{text.detail}</span>}
      </span>
    </div>
  );
}
