import { Button, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import page from "./page/Page.module.css";
import { ProblemLine } from "./ProblemLine";

interface Props {
  title: string;
  /** What will be so afterwards. */
  text: string;
  does: string;
  isBusy: boolean;
  failure: unknown;
  run: () => void;
  close: () => void;
}

/** Asks once more before something that cannot be taken back. */
export function Confirm({ title, text, does, isBusy, failure, run, close }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ "aria-label": t("common.close") }}>
      <div className={page["stack"]}>
        <p className={page["plain"]}>{text}</p>
        {failure !== null && failure !== undefined && <ProblemLine failure={failure} />}
        <div className={page["buttons"]}>
          <Button color="red" loading={isBusy} onClick={run}>
            {does}
          </Button>
          <Button variant="default" data-autofocus onClick={close}>
            {t("common.cancel")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
