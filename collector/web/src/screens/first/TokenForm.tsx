import { Autocomplete, Button, NativeSelect, NumberInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { makeEnrolmentToken, sitesQuery, type EnrolmentToken } from "../../api/sites";
import { Icon } from "../../parts/Icon";
import { ProblemLine } from "../../parts/ProblemLine";
import style from "./FirstDevice.module.css";

const HOUR_S = 3_600;
const TIMES = { "1h": HOUR_S, "24h": 24 * HOUR_S, "7d": 168 * HOUR_S } as const;
type Time = keyof typeof TIMES;

/** Makes a token that lets machines enrol. */
export function TokenForm({ made }: { made: (token: EnrolmentToken) => void }) {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  const [site, setSite] = useState("");
  const [uses, setUses] = useState(1);
  const [time, setTime] = useState<Time>("24h");
  const names = sites.data?.items.map(({ name }) => name) ?? [];
  const make = useMutation({
    mutationFn: () => makeEnrolmentToken({ uses, expires_in_seconds: TIMES[time], ...(site.trim() && { site: site.trim() }) }),
    onSuccess: made,
  });
  return (
    <>
      <form
        className={style["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Autocomplete size="sm" label={t("tokens.site")} placeholder="default" data={names} value={site} onChange={setSite} />
        <NumberInput w="7rem" label={t("tokens.uses")} min={1} max={1_000} value={uses} onChange={(value) => setUses(Number(value) || 1)} />
        <NativeSelect
          label={t("tokens.expires")}
          value={time}
          onChange={(event) => setTime(event.currentTarget.value as Time)}
          data={(["1h", "24h", "7d"] as const).map((value) => ({ value, label: t(`tokens.time.${value}`) }))}
        />
        <Button type="submit" size="sm" loading={make.isPending} leftSection={<Icon name="key" />}>
          {t("tokens.make")}
        </Button>
      </form>
      {make.isError && <ProblemLine failure={make.error} />}
    </>
  );
}
