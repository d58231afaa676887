import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { jobQuery, order, type Job } from "../../../api/jobs";
import { Icon } from "../../../parts/Icon";
import { ProblemLine } from "../../../parts/ProblemLine";

/** Stops a job. It is said to be cancelled when the device has said so. */
export function Cancel({ job }: { job: Job }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => order.cancel(job.id),
    onSettled: () => queries.invalidateQueries({ queryKey: jobQuery(job.id).queryKey }),
  });
  return (
    <>
      {cancel.isError && <ProblemLine failure={cancel.error} />}
      <Button variant="default" disabled={job.cancel_asked} loading={cancel.isPending} leftSection={<Icon name="cancel" />} onClick={() => cancel.mutate()}>
        {t(job.cancel_asked ? "job.stopping" : "job.stop")}
      </Button>
    </>
  );
}
