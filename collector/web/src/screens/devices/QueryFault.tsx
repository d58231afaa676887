import type { Problem } from "../../api/problem";
import { ProblemLine } from "../../parts/ProblemLine";
import style from "./Devices.module.css";
import { parts } from "./fault";

/** What is wrong with a question, and where. */
export function QueryFault({ q, problem }: { q: string; problem: Problem }) {
  const [before, wrong, after] = parts(q, problem.at);
  return (
    <div className={style["fault"]}>
      {problem.at && (
        <p lang="en" className={style["asked"]}>
          {before}
          <mark>{wrong || "…"}</mark>
          {after}
        </p>
      )}
      <ProblemLine failure={problem} />
    </div>
  );
}
