export interface paths {
    "/api/v1/acceptances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Findings that are accepted, the newest first */
        get: operations["get_acceptances"];
        put?: never;
        /** Accepts what is wrong with a device as known, as bad as it is now, until a time */
        post: operations["post_acceptances"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/acceptances/{acceptance}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends an acceptance; one of somebody else's takes the role senior */
        delete: operations["delete_acceptances_acceptance"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts by name */
        get: operations["get_accounts"];
        put?: never;
        /** Makes an account */
        post: operations["post_accounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes role, sites, or whether it is disabled */
        patch: operations["patch_accounts_account"];
        trace?: never;
    };
    "/api/v1/accounts/{account}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a new password and second factor to whoever cannot get in; sessions and tokens end */
        post: operations["post_accounts_account_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Actions that devices declare */
        get: operations["get_actions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts that are open, the newest first */
        get: operations["get_alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Things without an agent, by name */
        get: operations["get_assets"];
        put?: never;
        /** Adds a thing without an agent that a ticket can be about */
        post: operations["post_assets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assets/{asset}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them, removed or not */
        get: operations["get_assets_asset"];
        /** Sets what is known of it, in the place of all that was */
        put: operations["put_assets_asset"];
        post?: never;
        /** Says that it is not there any more; tickets that were about it still say so */
        delete: operations["delete_assets_asset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Audit entries, the newest first */
        get: operations["get_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks the chain of entries */
        get: operations["get_audit_verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/callers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may be calling, with their devices and open tickets, the best match first */
        get: operations["get_callers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks that devices declare */
        get: operations["get_checks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Devices, with what is asked for of their facts */
        get: operations["get_devices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many devices there are at each site, of each system and status */
        get: operations["get_devices_counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says which devices have come or gone or turned, with their lights, of all that one may see */
        get: operations["get_devices_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One device */
        get: operations["get_devices_device"];
        put?: never;
        post?: never;
        /** Cuts a device off and refuses its key from now on */
        delete: operations["delete_devices_device"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changed on a device between two times, or what may have made a finding */
        get: operations["get_devices_device_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/cohort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which devices have the same finding, and what they have in common */
        get: operations["get_devices_device_cohort"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a device tells of itself: starts, jumps of its clock, sleep */
        get: operations["get_devices_device_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Fact tables that a device reports */
        get: operations["get_devices_device_facts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/facts/{table}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One fact table as it is now, rows by their keys */
        get: operations["get_devices_device_facts_table"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is wrong with a device, and its findings */
        get: operations["get_devices_device_findings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jobs on a device, the newest first */
        get: operations["get_devices_device_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says which device this one continues */
        post: operations["post_devices_device_join"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says when a device has come or gone, when what is known of it or one of its jobs has changed */
        get: operations["get_devices_device_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The course of a device's metrics between two times */
        get: operations["get_devices_device_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What policies say about a device */
        get: operations["get_devices_device_policy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/rejected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reports of a device that were refused, the newest first */
        get: operations["get_devices_device_rejected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a device's reports were accounted for, by spool */
        get: operations["get_devices_device_reports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is measured on a device */
        get: operations["get_devices_device_series"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a conflict of two machines with one key */
        post: operations["post_devices_device_split"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{device}/tried": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an action did when it was run before, on this device or for this ticket */
        get: operations["get_devices_device_tried"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrolment-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Enrolment tokens, the newest first */
        get: operations["get_enrolment_tokens"];
        put?: never;
        /** Makes an enrolment token */
        post: operations["post_enrolment_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrolment-tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes an enrolment token */
        delete: operations["delete_enrolment_tokens_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/escalation/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rules that hand tickets on, by name */
        get: operations["get_escalation_rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/escalation/rules/{escalation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A rule that hands tickets on */
        get: operations["get_escalation_rules_escalation"];
        /** Sets a rule, in the place of that of its name */
        put: operations["put_escalation_rules_escalation"];
        post?: never;
        /** Removes a rule */
        delete: operations["delete_escalation_rules_escalation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/escalation/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Which tickets a rule would hand on now; nothing is done. Looks at `limit` tickets after `after` */
        post: operations["post_escalation_try"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/intake/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a message of another system, signed as Standard Webhooks has it: opens a ticket, or adds to one */
        post: operations["post_intake_source"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job */
        get: operations["get_jobs_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops a job */
        post: operations["post_jobs_job_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says when a job has come further */
        get: operations["get_jobs_job_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Live metrics: shows what moves on the job's device; a job that nobody watches is cancelled */
        get: operations["get_jobs_job_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Holds the receipts that a device gave in this job, as the table `receipts`, against orders and audit log */
        get: operations["get_jobs_job_receipts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/macros": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Macros, by name */
        get: operations["get_macros"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/macros/{macro}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One macro */
        get: operations["get_macros_macro"];
        /** Sets a macro, in the place of that of its name */
        put: operations["put_macros_macro"];
        post?: never;
        /** Removes a macro */
        delete: operations["delete_macros_macro"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Maintenance that is planned and not over, the newest first */
        get: operations["get_maintenance"];
        put?: never;
        /** Plans a span in which what is found opens no ticket before its end; that of a whole site takes the role senior */
        post: operations["post_maintenance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/maintenance/{maintenance}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a maintenance, or what is left of it; one of somebody else's takes the role senior */
        delete: operations["delete_maintenance_maintenance"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/matrix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which priority follows from impact and urgency */
        get: operations["get_matrix"];
        /** Sets which priority follows from impact and urgency */
        put: operations["put_matrix"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets a new password and ends all sessions and tokens */
        put: operations["put_me_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets the second factor, in place of an earlier one */
        put: operations["put_me_second_factor"];
        /** Makes a secret for an authenticator; nothing is set until it is confirmed */
        post: operations["post_me_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's sessions and tokens */
        get: operations["get_me_tokens"];
        put?: never;
        /** Makes a token */
        post: operations["post_me_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a session or token */
        delete: operations["delete_me_tokens_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mutes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Mutes that hold, the newest first */
        get: operations["get_mutes"];
        put?: never;
        /** Lets findings of a device or a site open no alert; those of the fleet take the role senior */
        post: operations["post_mutes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mutes/{mute}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a mute; one of somebody else's takes the role senior */
        delete: operations["delete_mutes_mute"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Persons by name */
        get: operations["get_persons"];
        put?: never;
        /** Adds a person */
        post: operations["post_persons"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds and changes the persons of a list, or refuses it whole; known is who has a mail address of it, else who has a telephone number and a word of the name */
        post: operations["post_persons_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/{person}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A person and their devices */
        get: operations["get_persons_person"];
        /** Sets what is known of a person, in the place of all that was */
        put: operations["put_persons_person"];
        post?: never;
        /** Forgets a person; tickets keep the name of who asked */
        delete: operations["delete_persons_person"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/{person}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirms that a device is a person's */
        post: operations["post_persons_person_devices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/{person}/devices/{device}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes back that a device is a person's */
        delete: operations["delete_persons_person_devices_device"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/{person}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erases a person for good: a pseudonym stands on their tickets, whose pages lead nowhere any more */
        post: operations["post_persons_person_erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/{person}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is held of a person; that it was given out is kept */
        get: operations["get_persons_person_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/{person}/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tickets that they ask for, the newest first */
        get: operations["get_persons_person_tickets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Policies by name */
        get: operations["get_policies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/{policy}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A policy */
        get: operations["get_policies_policy"];
        /** Sets a policy, in the place of the one of its name */
        put: operations["put_policies_policy"];
        post?: never;
        /** Removes a policy */
        delete: operations["delete_policies_policy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rows of a table of all devices, as the collector holds them, for which a condition holds */
        get: operations["get_query"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/remote-tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Remote desktop tools of sites and of all, by name */
        get: operations["get_remote_tools"];
        put?: never;
        /** Adds a tool that devices are opened in from a ticket */
        post: operations["post_remote_tools"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/remote-tools/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The address that a template makes for an example of a device; nothing is kept */
        post: operations["post_remote_tools_try"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/remote-tools/{tool}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets name and template of a tool; its site stays */
        put: operations["put_remote_tools_tool"];
        post?: never;
        /** Removes a tool */
        delete: operations["delete_remote_tools_tool"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Canned replies, by name */
        get: operations["get_replies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{reply}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One canned reply */
        get: operations["get_replies_reply"];
        /** Sets a canned reply, in the place of that of its name */
        put: operations["put_replies_reply"];
        post?: never;
        /** Removes a canned reply */
        delete: operations["delete_replies_reply"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in */
        post: operations["post_sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends this credential */
        post: operations["post_sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sites by name */
        get: operations["get_sites"];
        put?: never;
        /** Makes a site */
        post: operations["post_sites"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sla/agreements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Agreements by name */
        get: operations["get_sla_agreements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sla/agreements/{agreement}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An agreement */
        get: operations["get_sla_agreements_agreement"];
        /** Sets an agreement, in the place of the one of its name */
        put: operations["put_sla_agreements_agreement"];
        post?: never;
        /** Removes an agreement */
        delete: operations["delete_sla_agreements_agreement"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sla/calendars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Calendars by name */
        get: operations["get_sla_calendars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sla/calendars/{calendar}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A calendar */
        get: operations["get_sla_calendars_calendar"];
        /** Sets a calendar, in the place of the one of its name */
        put: operations["put_sla_calendars_calendar"];
        post?: never;
        /** Removes a calendar by which no agreement counts */
        delete: operations["delete_sla_calendars_calendar"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sla/calendars/{calendar}/holidays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds the days of an iCalendar file to a calendar's holidays */
        post: operations["post_sla_calendars_calendar_holidays"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sla/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How promises were kept whose clocks ended in a period */
        get: operations["get_sla_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tables that devices declare */
        get: operations["get_tables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tickets, the newest first, or in the order of what is due next */
        get: operations["get_tickets"];
        put?: never;
        /** Opens a ticket and freezes what is known of its devices; may ask them for something at once */
        post: operations["post_tickets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says which ticket has changed, and which device has enrolled, of all that one may see */
        get: operations["get_tickets_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One ticket */
        get: operations["get_tickets_ticket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Plans, applies or undoes an action */
        post: operations["post_tickets_ticket_actions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a thing without an agent */
        post: operations["post_tickets_ticket_assets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/assets/{asset}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a thing without an agent off it */
        delete: operations["delete_tickets_ticket_assets_asset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives it to somebody */
        post: operations["post_tickets_ticket_assign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files of a ticket */
        get: operations["get_tickets_ticket_attachments"];
        put?: never;
        /** Puts a file onto a ticket: the body is the file, 8 MiB at most */
        post: operations["post_tickets_ticket_attachments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/attachments/{attachment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file, to be kept and never to be opened in place */
        get: operations["get_tickets_ticket_attachments_attachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/case-file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The case file of a ticket: an archive (ZIP) that is read without the collector */
        get: operations["get_tickets_ticket_case_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs checks on devices */
        post: operations["post_tickets_ticket_checks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes it oneself */
        post: operations["post_tickets_ticket_claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Notes what a device without a network has said, and adds the device */
        post: operations["post_tickets_ticket_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the user was asked to agree to, the newest first */
        get: operations["get_tickets_ticket_consents"];
        put?: never;
        /** Asks the user whether something may be done */
        post: operations["post_tickets_ticket_consents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/consents/{consent}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One question and what became of it */
        get: operations["get_tickets_ticket_consents_consent"];
        put?: never;
        post?: never;
        /** Withdraws a question, or what was allowed */
        delete: operations["delete_tickets_ticket_consents_consent"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a device */
        post: operations["post_tickets_ticket_devices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/devices/{device}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a device off it */
        delete: operations["delete_tickets_ticket_devices_device"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/incident": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes it part of an incident */
        post: operations["post_tickets_ticket_incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jobs of a ticket, the newest first */
        get: operations["get_tickets_ticket_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says how it belongs to another ticket */
        post: operations["post_tickets_ticket_links"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/links/{relation}/{other}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** It does not belong to the other ticket any more */
        delete: operations["delete_tickets_ticket_links_relation_other"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says when a ticket or one of its jobs has changed, and who has it open in a browser */
        get: operations["get_tickets_ticket_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/live-metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has a device show what moves each second, to who watches the job, for half an hour at most */
        post: operations["post_tickets_ticket_live_metrics"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/macros": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs a macro on it */
        post: operations["post_tickets_ticket_macros"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes it as part of another ticket, which is given */
        post: operations["post_tickets_ticket_merge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers the requester, or records what they said */
        post: operations["post_tickets_ticket_messages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a note */
        post: operations["post_tickets_ticket_notes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/pages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Addresses of the requester's page that are good */
        get: operations["get_tickets_ticket_pages"];
        put?: never;
        /** Makes an address of the requester's page */
        post: operations["post_tickets_ticket_pages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/pages/{page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes an address of the requester's page */
        delete: operations["delete_tickets_ticket_pages_page"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/priority": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets its priority */
        post: operations["post_tickets_ticket_priority"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/probes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has a device look for an asset: ping, and its port if it has one */
        post: operations["post_tickets_ticket_probes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/remote-tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tools that a device of it can be opened in */
        get: operations["get_tickets_ticket_remote_tools"];
        put?: never;
        /** Gives the address that opens a device of it in a tool, and says so on its timeline and its requester's page */
        post: operations["post_tickets_ticket_remote_tools"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/requester": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says who asks for it */
        post: operations["post_tickets_ticket_requester"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Snapshots of a ticket, oldest first */
        get: operations["get_tickets_ticket_snapshots"];
        put?: never;
        /** Freezes what is known of a device now, and a window of its flight recorder */
        post: operations["post_tickets_ticket_snapshots"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/snapshots/{snapshot}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One snapshot with its content */
        get: operations["get_tickets_ticket_snapshots_snapshot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens another ticket for a part of it, which is given */
        post: operations["post_tickets_ticket_split"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves it on */
        post: operations["post_tickets_ticket_state"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads a table from a device */
        post: operations["post_tickets_ticket_tables"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a tag */
        post: operations["post_tickets_ticket_tags"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/tags/{tag}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a tag off */
        delete: operations["delete_tickets_ticket_tags_tag"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/technicians": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom it can be given to */
        get: operations["get_tickets_ticket_technicians"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/tier": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hands it on to another tier, or sends it back */
        post: operations["post_tickets_ticket_tier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to a ticket, oldest first */
        get: operations["get_tickets_ticket_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/watchers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has somebody watch it */
        post: operations["post_tickets_ticket_watchers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}/watchers/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Nobody watches it under this name any more */
        delete: operations["delete_tickets_ticket_watchers_account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own views and those that are shared, by name */
        get: operations["get_views"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views/{view}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A view: one's own of that name, else one that is shared */
        get: operations["get_views_view"];
        /** Keeps a view of one's own; with the role senior one that is shared, in the place of one's own */
        put: operations["put_views_view"];
        post?: never;
        /** Removes a view: one's own of that name, else one that is shared, which takes the role senior */
        delete: operations["delete_views_view"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Systems whose messages open tickets, by name */
        get: operations["get_webhook_sources"];
        put?: never;
        /** Declares a system whose messages open tickets, and shows its secret this once */
        post: operations["post_webhook_sources"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-sources/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes no more messages of a system; its tickets stay */
        delete: operations["delete_webhook_sources_source"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Webhooks by name */
        get: operations["get_webhooks"];
        put?: never;
        /** Declares a webhook, and shows its secret this once */
        post: operations["post_webhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A webhook */
        get: operations["get_webhooks_webhook"];
        /** Changes a webhook; one that is enabled again is tried at once */
        put: operations["put_webhooks_webhook"];
        post?: never;
        /** Removes a webhook with all that waits for it */
        delete: operations["delete_webhooks_webhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a webhook was told or is to be told, the newest first */
        get: operations["get_webhooks_webhook_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries dead deliveries again, before those that wait */
        post: operations["post_webhooks_webhook_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a webhook another secret; for a day messages are signed with the one before too */
        post: operations["post_webhooks_webhook_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a message of the type sonde.test, behind those that wait */
        post: operations["post_webhooks_webhook_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Accept: {
            /** @description Id of the device. */
            device: string;
            /** @description What is wrong with it: "check", or "check/subject" where it finds several things. */
            finding: string;
            reason: string;
            /** @description RFC 3339, within 400 days. */
            until: string;
        };
        AcceptanceList: {
            items: components["schemas"]["AcceptanceView"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        AcceptanceView: {
            check: string;
            created_at: string;
            created_by: string;
            /** @description Id of the device. */
            device: string;
            hostname: string;
            id: string;
            reason: string;
            /** @description "warning", "critical": what is worse is not accepted. */
            status: string;
            subject: string;
            until: string;
        };
        AccountList: {
            items: components["schemas"]["AccountView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        AccountView: {
            created_at: string;
            disabled_at?: string | null;
            name: string;
            role: components["schemas"]["Role"];
            second_factor: boolean;
            /** @description Names; empty: all. */
            sites: string[];
        };
        ActionList: {
            items: components["schemas"]["ActionView"][];
        };
        ActionView: {
            can_undo: boolean;
            /** @description "read", "private", "repair", "disrupt", "control". */
            class: string;
            id: string;
            parameters: components["schemas"]["ParameterView"][];
            title: string;
            /** @description Id of the check that proves it. */
            verified_by?: string | null;
            /** Format: int32 */
            version: number;
        };
        AddAsset: {
            /** @description Id. */
            asset: string;
        };
        AddDevice: {
            /** @description Id. */
            device: string;
        };
        AgentEventView: {
            /** @description Of `started`: the agent's version. */
            agent_version?: string | null;
            /** @description On the collector's clock. */
            at: string;
            boot_id: string;
            /** @description Of `started`: the run before ended in good order. */
            clean?: boolean | null;
            /** @description "started", "clock_jumped", "resumed", "other". */
            kind: string;
            /** @description On the device's. */
            reported_at: string;
            /**
             * Format: double
             * @description Of `clock_jumped`: how far the clock moved beyond the time that passed; of `resumed`: how long it slept.
             */
            seconds?: number | null;
        };
        /** @description A service level agreement. */
        Agreement: {
            /**
             * @description The name of the calendar whose hours count.
             * @default
             */
            calendar: string;
            /**
             * @description For people.
             * @default
             */
            description: string;
            /**
             * @description Groups of requesters whose tickets it is for; none: it is for all of them. Capitals and accents do not matter.
             * @default []
             */
            groups: string[];
            /**
             * @description What a ticket may wait for while the clocks of its resolution stand still.
             * @default [
             *       "user",
             *       "part",
             *       "supplier",
             *       "device",
             *       "appointment"
             *     ]
             */
            pauses: components["schemas"]["WaitingFor"][];
            /** @description By priority; one that is left out is promised nothing. */
            priorities?: Record<string, never>;
            /**
             * @description Names of sites whose tickets it is for; none: for those that no other agreement names.
             * @default []
             */
            sites: string[];
            /**
             * @description Parts of a promised time, in percent, after which a warning is given.
             * @default [
             *       50,
             *       80
             *     ]
             */
            warn_percent: number[];
        };
        AgreementList: {
            items: components["schemas"]["RuleView_Agreement"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        /** @description A rule under its name. */
        AgreementView: components["schemas"]["Agreement"] & {
            /** @description Since when it holds like this. */
            changed_at: string;
            changed_by: string;
            name: string;
        };
        AlertList: {
            items: components["schemas"]["AlertView"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        AlertView: {
            check: string;
            device: string;
            hostname: string;
            opened_at: string;
            silenced?: components["schemas"]["Silenced"] | null;
            since?: string | null;
            /** @description "warning", "critical", "unknown". */
            status: string;
            subject: string;
            /** @description What the finding says now, and since when it has been so; none: it is not reported any more. */
            summary?: string | null;
            /** Format: int64 */
            ticket?: number | null;
        };
        /**
         * @description What the user says to it.
         * @enum {string}
         */
        Answer: "once" | "ticket" | "no";
        AnswerView: {
            device: string;
            hostname: string;
            /** @description Values by column; an absent one is not there. */
            row: Record<string, never>;
        };
        AnsweredView: {
            action: string;
            answer: components["schemas"]["Answer"];
            at?: string | null;
            /** @description Id of the device. */
            device: string;
            parameters: Record<string, never>;
            way: components["schemas"]["Way"];
        };
        Answers: {
            columns: components["schemas"]["ColumnView"][];
            items: components["schemas"]["AnswerView"][];
            /**
             * Format: int64
             * @description Devices that report this table,
             */
            n_devices: number;
            /**
             * Format: int64
             * @description and those of them that could not read it last: what they had before stands.
             */
            n_unavailable: number;
            /** @description `after` of the next page; none: this is the last. */
            next?: string | null;
            table: string;
        };
        AskAction: {
            /** @description Not for undo. */
            action?: string | null;
            /** @description How the user agreed: "by telephone". */
            consent?: string | null;
            /** @description Id of a device; not for undo. */
            device?: string | null;
            /**
             * Format: int32
             * @description How long the order waits for a device that is not connected. If it is not given: a day for a plan, ten minutes
             *     for what changes something.
             */
            expires_in_seconds?: number | null;
            /** @description Not for undo. */
            parameters?: Record<string, never> | null;
            phase: components["schemas"]["Phase"];
            /** @description For undo: the job whose change is taken back. Its device, action and parameters are those of the undo. */
            undo_of?: string | null;
            /**
             * Format: int32
             * @description Answer when the job has ended, or after so many seconds, 300 at most; 0: at once.
             */
            wait_seconds?: number;
        };
        AskAsset: {
            /** @description A name or an IP address, at which a device beside it can look for it. */
            address?: string | null;
            kind: components["schemas"]["AssetKind"];
            model?: string | null;
            /** @description One of its site alone is called so. */
            name: string;
            note?: string;
            place?: string | null;
            /**
             * Format: int32
             * @description Goes with an address.
             */
            port?: number | null;
            serial?: string | null;
            /** @description Where it belongs for good; the caller's first site if it is not given. */
            site?: string | null;
            /**
             * Format: int64
             * @description Of a change: the one that the caller saw. Whichever it is if it is not given.
             */
            version?: number | null;
        };
        AskChecks: {
            /** @description Ids; empty: all. */
            checks?: string[];
            /** @description Id of a device. */
            device?: string | null;
            /** @description Ids of several devices, 20 at most. */
            devices?: string[];
            /**
             * Format: int32
             * @description How long the order waits for a device that is not connected; a day if it is not given.
             */
            expires_in_seconds?: number | null;
            /**
             * Format: int32
             * @description Answer when the job has ended, or after so many seconds, 300 at most; 0: at once.
             */
            wait_seconds?: number;
        };
        AskConsent: {
            action: string;
            /** @description Id of a device of the ticket. */
            device: string;
            /**
             * Format: int32
             * @description How long it can be answered: an hour if it is not given, a week at most.
             */
            expires_in_seconds?: number | null;
            parameters?: Record<string, never>;
            /** @description Id of the job of this ticket that planned exactly this: the user sees its steps. */
            plan?: string | null;
        };
        AskDevice: {
            /** @description Id of a device of the person's site. */
            device: string;
        };
        AskLive: {
            /** @description Id of a device; it has to be connected. */
            device: string;
            /**
             * Format: int32
             * @description For how long; half an hour if it is not given, which is also the most.
             */
            seconds?: number | null;
            /**
             * Format: int32
             * @description Answer when the job has ended, or after so many seconds, 300 at most; 0: at once.
             */
            wait_seconds?: number;
        };
        AskMute: {
            /** @description Every check if it is not given. */
            check?: string;
            /** @description Id of a device. */
            device?: string | null;
            reason: string;
            site?: string | null;
            subject?: string | null;
            /** @description RFC 3339; until the finding changes if it is not given. */
            until?: string | null;
        };
        AskPerson: {
            group?: string | null;
            language?: components["schemas"]["Language"] | null;
            mails?: string[];
            name: string;
            note?: string;
            phones?: string[];
            /** @description The one they have, and of a new person the caller's first, if it is not given. */
            site?: string | null;
            /**
             * Format: int64
             * @description Of a change: the one that the caller saw. Whichever it is if it is not given.
             */
            version?: number | null;
        };
        AskProbe: {
            /** @description Id of the asset; its address has to be known. The ticket is about it from then on. */
            asset: string;
            /** @description Id of the device that looks for it. If it is not given, a connected one is chosen: of the ticket, else of its site. */
            device?: string | null;
            /**
             * Format: int32
             * @description How long the order waits for a device that is not connected; a day if it is not given.
             */
            expires_in_seconds?: number | null;
            /**
             * Format: int32
             * @description Answer when the job has ended, or after so many seconds, 300 at most; 0: at once.
             */
            wait_seconds?: number;
        };
        AskRemoteTool: {
            /** @description One of its site alone is called so. */
            name: string;
            /** @description Where it belongs for good; all sites if it is not given. A site's own is in the place of that of all of the same name. */
            site?: string | null;
            /**
             * @description An address with `{hostname}`, `{device}`, `{site}`, `{address}` or `{ticket}` in it: not in the scheme, and of http and
             *     https behind the host.
             */
            template: string;
        };
        AskTable: {
            /** @description Id of a device. */
            device?: string | null;
            /** @description Ids of several devices, 20 at most. */
            devices?: string[];
            /**
             * Format: int32
             * @description How long the order waits for a device that is not connected; a day if it is not given.
             */
            expires_in_seconds?: number | null;
            /**
             * Format: int32
             * @description 0: the table's own cap.
             */
            most_rows?: number;
            /** @description What narrows it down, as the table declares it. */
            parameters?: Record<string, never>;
            table: string;
            /**
             * Format: int32
             * @description Answer when the job has ended, or after so many seconds, 300 at most; 0: at once.
             */
            wait_seconds?: number;
        };
        Asked: {
            /** @description One for each device, in the order asked. With the status 202: as they were ordered, where more could not be read. */
            jobs: components["schemas"]["JobView"][];
        };
        /** @description Of one kind of job; the parts of the others are null. */
        AskedFor: {
            /** @description Id of an action. */
            action?: string | null;
            /** @description Id of the thing without an agent that is looked for. */
            asset?: string | null;
            /** @description Ids of checks; empty: all of them. */
            checks?: string[] | null;
            phase?: components["schemas"]["Phase"] | null;
            /** @description Name of a table; its rows are `table`. */
            table_name?: string | null;
            /** @description Id of the job whose change is taken back. */
            undo_of?: string | null;
        };
        /** @description Who has asked on their own machine, and when they meant it. */
        AskedView: {
            /** @description Before the ticket was opened, if the device could not say it sooner. */
            at: string;
            /** @description Id of the device. */
            device: string;
            /** @description As the device's system knows them. */
            login: string;
        };
        /**
         * @description What sort of thing it is.
         * @enum {string}
         */
        AssetKind: "printer" | "scanner" | "screen" | "projector" | "telephone" | "camera" | "switch" | "router" | "access_point" | "storage" | "power_supply" | "dock" | "other";
        AssetList: {
            items: components["schemas"]["AssetView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        AssetView: {
            /** @description A name or an IP address. */
            address?: string | null;
            changed_at: string;
            changed_by: string;
            id: string;
            kind: components["schemas"]["AssetKind"];
            model?: string | null;
            name: string;
            /** @description For technicians. */
            note: string;
            /** @description Where it stands. */
            place?: string | null;
            /**
             * Format: int32
             * @description On which it takes connections.
             */
            port?: number | null;
            /** @description It is not there any more. */
            removed_at?: string | null;
            serial?: string | null;
            site: string;
            /**
             * Format: int64
             * @description What `version` of a change compares.
             */
            version: number;
        };
        Assign: {
            /** @description Name of an account; none: nobody. */
            to?: string | null;
        };
        AttachmentList: {
            /** @description All of them: 100 at most. */
            items: components["schemas"]["AttachmentView"][];
        };
        AttachmentView: {
            id: string;
            /** @description As its bytes show it: a picture, a PDF, or "application/octet-stream". */
            media_type: string;
            /** Format: int64 */
            n_bytes: number;
            name: string;
            /** @description Hexadecimal. */
            sha256: string;
        };
        /**
         * @description What is not well.
         * @enum {string}
         */
        Bad: "warning" | "critical";
        CalendarList: {
            items: components["schemas"]["RuleView_Hours"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        /** @description A rule under its name. */
        CalendarView: components["schemas"]["Hours"] & {
            /** @description Since when it holds like this. */
            changed_at: string;
            changed_by: string;
            name: string;
        };
        CallerList: {
            /** @description The best match first; 20 at most. */
            items: components["schemas"]["CallerView"][];
        };
        /** @description Somebody who may be calling. */
        CallerView: {
            asset?: components["schemas"]["AssetView"] | null;
            /** @description Id of the one that the call is about, as far as that is clear. */
            device?: string | null;
            devices: components["schemas"]["DeviceOf"][];
            /** @description Only a part of it is what was asked for. */
            in_part: boolean;
            /** @description By what. */
            matched: components["schemas"]["Matched"];
            person?: components["schemas"]["PersonView"] | null;
            /** @description Those that are not resolved: of the devices, and those that the person has asked for. */
            tickets: components["schemas"]["TicketOf"][];
        };
        Cancelled: {
            /** @description "cancelled", "asked", "ended". */
            outcome: string;
            /** @description The job's state. */
            state: string;
        };
        Change: {
            disabled?: boolean | null;
            role?: components["schemas"]["Role"] | null;
            /** @description Names; empty: all. */
            sites?: string[] | null;
        };
        ChangeList: {
            /** @description For a finding: a day before it went wrong, or since it was well. */
            from: string;
            /** @description The newest first; for a finding the likeliest. */
            items: components["schemas"]["ChangeView"][];
            /** @description `before` of the next page. */
            next?: string | null;
            /** @description Since when the finding that was asked for is wrong. */
            since?: string | null;
            to: string;
        };
        ChangeView: {
            after: Record<string, never>;
            at: string;
            before: Record<string, never>;
            /** @description "added", "removed", "changed". */
            kind: string;
            /**
             * Format: double
             * @description For a finding: how likely it has to do with it, 0 to 1.
             */
            likelihood?: number | null;
            table: string;
        };
        CheckList: {
            items: components["schemas"]["CheckView"][];
        };
        CheckView: {
            /**
             * Format: int64
             * @description How often it runs by itself; 0: only when asked.
             */
            every_seconds: number;
            id: string;
            /** @description What a policy may set. */
            limits: components["schemas"]["LimitView"][];
            /** @description Ids of actions that may cure what it finds. */
            remedies: string[];
            /** @description Whether it looks for an asset, and runs for nothing else: `/tickets/{ticket}/probes`. */
            takes_asset: boolean;
            /** @description Whether a policy may name targets for it. */
            takes_targets: boolean;
            ticket_worthy: boolean;
            title: string;
        };
        Claim: {
            /** @description Also from somebody else. */
            take_over?: boolean;
        };
        /** @description Findings of a check, or of all checks of an area. */
        Class: {
            /** @description What stands before the dot of checks' ids. */
            area?: string | null;
            /** @description Id of a check; either this or the area. */
            check?: string | null;
            /** @description At least. */
            status?: components["schemas"]["Bad"];
        };
        ClockView: {
            /** @description The name of the agreement that promises it. */
            agreement: string;
            /** @description Of the last event or change of rules that it was reckoned at; what runs has counted on since. */
            at: string;
            /** @description When it runs out, or ran out; none while it does not run. */
            due_at?: string | null;
            ended_at?: string | null;
            /** @description Whether it ended in time; none: it has not ended. */
            is_met?: boolean | null;
            measure: components["schemas"]["Measure"];
            /**
             * Format: int64
             * @description Of working time, until `at`.
             */
            spent_seconds: number;
            /** @description "running", "paused" or "ended". */
            standing: string;
            /**
             * Format: int64
             * @description Of working time.
             */
            target_seconds: number;
            tier?: components["schemas"]["Tier"] | null;
        };
        Cohort: {
            /** @description The affected ones, 100 at most. */
            affected: components["schemas"]["DeviceName"][];
            check: string;
            /** @description What more of the affected have than of the others, the most telling first. */
            common: components["schemas"]["CommonView"][];
            /**
             * Format: int64
             * @description Devices with this finding, this one among them,
             */
            n_affected: number;
            /** @description Values that were compared: of so many, some differ by chance. */
            n_compared: number;
            /**
             * Format: int64
             * @description and those on which the check finds no such thing.
             */
            n_healthy: number;
            /** @description None: about anything. */
            subject?: string | null;
        };
        ColumnView: {
            name: string;
            /** @description "key", "slow", "live". */
            role: string;
            /** @description "integer", "real", "text", "truth", "time". */
            type: string;
            unit: string;
        };
        CommonView: {
            affected: components["schemas"]["Share"];
            attribute: string;
            healthy: components["schemas"]["Share"];
            /**
             * Format: double
             * @description Fisher's exact test, one-sided: how likely chance alone makes so large a difference, or a larger one.
             */
            p: number;
            /** @description Chance alone makes it in less than one of twenty such comparisons as a whole. */
            telling: boolean;
            value: string;
        };
        Comparison: {
            device: string;
            /** @description Nothing that was compared is a misfit. */
            fits: boolean;
            hostname: string;
            misfits: components["schemas"]["MisfitView"][];
            n_receipts: number;
            /** @description Orders of that time in the record, the newest 20,000. */
            n_recorded: number;
            /** @description Since when the device has receipts; null: it has none. */
            since?: string | null;
        };
        /** @description What has to be so. */
        Condition: {
            /** @description It is with the tier for so long. Minutes are working time where an agreement holds, without the pauses. */
            in_tier: {
                /** Format: int32 */
                minutes: number;
            };
        } | {
            /** @description Nobody has it for so long, while it is with the tier. */
            unassigned: {
                /** Format: int32 */
                minutes: number;
            };
        } | {
            /** @description So much of a promised time is used, percent; 100 is all of it. */
            promise: {
                measure: components["schemas"]["Measure"];
                /** Format: int32 */
                percent: number;
            };
        } | {
            /** @description So many actions on its devices have failed, or nobody knows what became of them, while it is with the tier. */
            failed_actions: {
                /** Format: int32 */
                times: number;
            };
        } | {
            /** @description It was opened again so often while it was with the tier. */
            reopened: {
                /** Format: int32 */
                times: number;
            };
        } | {
            /** @description Something lasts on one of its devices: an alert is open. */
            finding: components["schemas"]["Class"];
        };
        ConfirmFactor: {
            /** @description A code that belongs to the secret. */
            code: string;
            password: string;
            secret: string;
        };
        ConsentList: {
            items: components["schemas"]["ConsentView"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        ConsentView: {
            action: string;
            answer?: components["schemas"]["Answer"] | null;
            answered_at?: string | null;
            asked_at: string;
            asked_by: string;
            /**
             * @description When it is asked: whether it stands on the device too: "sent", "not_connected", "cannot_ask". Its page it stands on
             *     anyway.
             */
            at_device?: string | null;
            device: string;
            /** @description Until when it can be answered. */
            expires_at: string;
            id: string;
            /**
             * Format: int64
             * @description How often it was done.
             */
            n_uses: number;
            parameters: Record<string, never>;
            /** @description Id of the job whose plan the user sees. */
            plan?: string | null;
            standing: components["schemas"]["Standing"];
            /** Format: int64 */
            ticket: number;
            way?: components["schemas"]["Way"] | null;
            withdrawn_at?: string | null;
        };
        CountView: {
            /** Format: int64 */
            n_devices: number;
            /** @description Of a status "none": nothing is reported yet. */
            name: string;
        };
        Counts: {
            /** Format: int64 */
            connected: number;
            os: components["schemas"]["CountView"][];
            /** @description The most devices first. */
            sites: components["schemas"]["CountView"][];
            /** @description The worst first. */
            statuses: components["schemas"]["CountView"][];
            /** Format: int64 */
            total: number;
        };
        Course: components["schemas"]["SeriesView"] & {
            points: components["schemas"]["PointView"][];
        };
        CourseList: {
            from: string;
            items: components["schemas"]["Course"][];
            to: string;
        };
        CreatedAccount: {
            name: string;
            /** @description These are shown once. */
            password: string;
            recovery_codes: string[];
            role: components["schemas"]["Role"];
            totp_secret: string;
            totp_url: string;
        };
        Credentials: {
            /** @description Of the authenticator, or a recovery code. */
            code?: string | null;
            name: string;
            password: string;
            /** @description What the token is called; none: a browser's session is begun, whose secret is a cookie. */
            token_name?: string | null;
        };
        Declared: {
            name: string;
            site: string;
        };
        DeliveryList: {
            items: components["schemas"]["DeliveryView"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        DeliveryView: {
            /** @description Why there was none. */
            error?: string | null;
            /**
             * Format: int64
             * @description Number of the ticket's event.
             */
            event?: number | null;
            /** @description `webhook-id` of the message, the same at every attempt. */
            id: string;
            made_at: string;
            /** Format: int64 */
            n_attempts: number;
            /** @description When it is tried next, if those before it have gone. */
            next_at?: string | null;
            /** @description "waiting", "delivered", "dead". */
            state: string;
            /**
             * Format: int64
             * @description Of the last answer.
             */
            status?: number | null;
            /**
             * Format: int64
             * @description None: it is a test.
             */
            ticket?: number | null;
            tried_at?: string | null;
        };
        DeviceList: {
            /** @description The columns of facts that were asked for, as devices declare them. */
            facts: components["schemas"]["FactColumnView"][];
            items: components["schemas"]["DeviceView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many there are on all pages.
             */
            total: number;
        };
        DeviceName: {
            connected: boolean;
            hostname: string;
            id: string;
            site: string;
        };
        /** @description A device of somebody's, and how it is now. */
        DeviceOf: {
            confirmed_at?: string | null;
            confirmed_by?: string | null;
            connected: boolean;
            hostname: string;
            id: string;
            last_seen: string;
            /** @description Its worst finding: "ok", "warning", "critical", "unknown"; none: nothing is reported yet. */
            status?: string | null;
            /** @description "seen" is only a suggestion: somebody is logged on under a name that can be theirs. */
            tie: components["schemas"]["Tie"];
        };
        DeviceView: {
            agent_version: string;
            certificate_not_after: string;
            /**
             * Format: double
             * @description Device's clock less the collector's, seconds.
             */
            clock_offset_seconds: number;
            /** @description Since when two machines hold its key. */
            conflict_since?: string | null;
            connected: boolean;
            connected_at?: string | null;
            enrolled_at: string;
            /** @description Of a list with columns of facts: what it says there, by `table.column`. */
            facts?: {
                [key: string]: components["schemas"]["ExtentView"];
            } | null;
            hostname: string;
            id: string;
            /** @description Ids of its installations, those in conflict included. */
            installations?: string[];
            last_seen: string;
            os: string;
            predecessor?: string | null;
            /** @description Id of a silent device that this one may be. */
            proposed_predecessor?: string | null;
            removed_at?: string | null;
            serial: string;
            site: string;
            /** @description Its worst finding; none: nothing is reported yet. */
            status?: string | null;
        };
        /** @description What holds for one device. */
        EffectiveView: {
            /** @description By the id of a check; one that is not named is as it was declared. */
            checks: Record<string, never>;
            /** @description Names of the policies that reach it; what a later one says holds. */
            policies: string[];
            /** Format: int64 */
            settling_seconds: number;
        };
        /** @description What is left out stays. */
        EndpointChange: {
            enabled?: boolean | null;
            kinds?: string[] | null;
            sites?: string[] | null;
            url?: string | null;
        };
        EnrolmentToken: {
            /** @description Where it enrols, as `sonde-agent enroll --collector` takes it; with the token. */
            collector?: string | null;
            created_at: string;
            created_by: string;
            expires_at: string;
            id: string;
            revoked_at?: string | null;
            site: string;
            /** @description What `sonde-agent enroll` takes. Shown once, when it is made. */
            token?: string | null;
            /** Format: int64 */
            uses_left: number;
        };
        EnrolmentTokenList: {
            items: components["schemas"]["EnrolmentToken"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        EntryList: {
            items: components["schemas"]["EntryView"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        EntryView: {
            actor: string;
            at: string;
            deed: string;
            detail: string;
            /** Format: int64 */
            seq: number;
            subject: string;
        };
        EraseAsk: {
            /** @description The person's name, as it is kept: it cannot be taken back. */
            name: string;
            /** @description What they wrote goes too. */
            words?: boolean;
        };
        EscalationList: {
            items: components["schemas"]["RuleView_Rule"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        /** @description A rule under its name. */
        EscalationView: components["schemas"]["Rule"] & {
            /** @description Since when it holds like this. */
            changed_at: string;
            changed_by: string;
            name: string;
        };
        EventList: {
            /** @description The newest first. */
            items: components["schemas"]["AgentEventView"][];
            /** @description `before` of the next page. */
            next?: string | null;
        };
        EventView: Record<string, never> & {
            actor: string;
            at: string;
            kind: string;
            /** Format: int64 */
            number: number;
        };
        /** @description What a device says in a column of a table of one row or many; of a long text, its beginning. */
        ExtentView: {
            least: Record<string, never>;
            most: Record<string, never>;
            /**
             * Format: int64
             * @description Values that are not alike.
             */
            n_values: number;
        };
        FactColumnView: {
            /** @description `table.column`. */
            name: string;
            /** @description "integer", "real", "text", "truth", "time". */
            type: string;
            unit: string;
        };
        FindingList: {
            /** @description Causes before consequences, the worst first. */
            items: components["schemas"]["FindingView"][];
            what_is_wrong: components["schemas"]["Sentence"];
        };
        /** @description A finding as people and programs see it. */
        FindingView: {
            args: Record<string, never>;
            cause?: string | null;
            check: string;
            evidence: Record<string, never>;
            /** @description "check/subject" of the finding that explains this one. */
            explained_by?: string | null;
            message: string;
            /** @description Ids of actions that may cure it. */
            remedies: string[];
            silenced?: components["schemas"]["Silenced"] | null;
            since: string;
            /** @description "ok", "warning", "critical", "unknown". */
            status: string;
            /** @description What of the machine; empty: the machine as a whole. */
            subject: string;
            summary: string;
        };
        /** @description What a ticket is opened for. */
        First: {
            checks: components["schemas"]["AskChecks"];
        } | {
            action: components["schemas"]["AskAction"];
        } | {
            table: components["schemas"]["AskTable"];
        } | {
            probe: components["schemas"]["AskProbe"];
        } | {
            live: components["schemas"]["AskLive"];
        };
        Freeze: {
            /** @description Id of a device. */
            device: string;
            /**
             * @description With `to`: has the device freeze what its flight recorder holds of that time as well, as jobs of this ticket. Not older
             *     than 24 hours.
             */
            from?: string | null;
            to?: string | null;
        };
        Frozen: components["schemas"]["SnapshotView"] & {
            /** @description Ids of the jobs that read the flight recorder. */
            jobs: string[];
        };
        FrozenTable: {
            changed_at: string;
            columns: components["schemas"]["ColumnView"][];
            name: string;
            rows: Record<string, never>[];
            /** @description Why it could not be read; what is here was known before. */
            unavailable?: string | null;
        };
        HandsOnList: {
            /** @description Of the tickets that were looked at, which may be none. */
            items: components["schemas"]["HandsOnView"][];
            /** @description Give it as `after` to have the next ones looked at; none: all were. */
            next?: string | null;
        };
        /** @description A ticket that a rule would hand on now. */
        HandsOnView: {
            reason: string;
            /** @description Since when it would have been. */
            since: string;
            /** Format: int64 */
            ticket: number;
            title: string;
            to: components["schemas"]["Tier"];
        };
        Holidays: {
            /** @description The text of an iCalendar file. */
            ics: string;
        };
        /** @description A calendar as people write it. */
        Hours: {
            /** @default [] */
            friday: string[];
            /** @description Days on which nobody works, by date; each with its name. */
            holidays?: Record<string, never>;
            /**
             * @description Each day's spans as `09:00-12:30`, at most up to `24:00`; a day without any is free.
             * @default []
             */
            monday: string[];
            /** @default [] */
            saturday: string[];
            /** @default [] */
            sunday: string[];
            /** @default [] */
            thursday: string[];
            /**
             * @description Of the IANA time zone database: `Europe/Paris`.
             * @default
             */
            time_zone: string;
            /** @default [] */
            tuesday: string[];
            /** @default [] */
            wednesday: string[];
        };
        /**
         * @description How much is hindered.
         * @enum {string}
         */
        Impact: "high" | "medium" | "low";
        JobLine: components["schemas"]["AskedFor"] & {
            device: string;
            ended_at?: string | null;
            hostname: string;
            id: string;
            issued_at: string;
            requested_by: string;
            state: string;
            /** Format: int64 */
            ticket?: number | null;
            title: string;
        };
        JobList: {
            items: components["schemas"]["JobLine"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        JobView: components["schemas"]["AskedFor"] & {
            can_undo: boolean;
            cancel_asked: boolean;
            /** @description Who asked for it; null: nobody did. */
            cancel_asked_by?: string | null;
            /** @description How the user agreed, as whoever asked recorded it. */
            consent?: string | null;
            /**
             * @description Of a plan, what the device's policy wants before that is done: "none", "any" (the user's consent, asked for or recorded),
             *     "user" (their own answer), "vain" (it is not done); null: it is not known.
             */
            consent_needed?: string | null;
            /**
             * Format: double
             * @description Processor time of the programs that were started for it, and of live metrics that were read; null: not known.
             */
            cpu_seconds?: number | null;
            device: string;
            ended: boolean;
            ended_at?: string | null;
            expires_at: string;
            findings: components["schemas"]["FindingView"][];
            hostname: string;
            id: string;
            issued_at: string;
            /** @description "checks", "action", "table", "probe", "live". */
            kind: string;
            /** Format: int64 */
            n_events: number;
            output: string;
            /**
             * Format: int64
             * @description Bytes of output that were left out.
             */
            output_missing_bytes: number;
            /** @description What was asked for, by name. */
            parameters: Record<string, never>;
            plan: components["schemas"]["StepView"][];
            policy?: string | null;
            /** @description Why it ended as it did. */
            reason?: string | null;
            requested_by: string;
            /** @description "queued", "accepted", "running", "succeeded", "failed", "refused", "expired", "cancelled", "unknown". */
            state: string;
            table?: components["schemas"]["RowsView"] | null;
            /** Format: int64 */
            ticket?: number | null;
            title: string;
            /** @description Findings of the check that proves the action, after it. */
            verified: components["schemas"]["FindingView"][];
            /** @description It has not left the collector: the device is not connected. */
            waiting_for_device: boolean;
            /**
             * Format: double
             * @description From its beginning to its end; null: it did not begin, or that is not known.
             */
            wall_seconds?: number | null;
            what_is_wrong?: components["schemas"]["Sentence"] | null;
        };
        Join: {
            /** @description Id of the device that this one continues; none: it continues none. */
            predecessor?: string | null;
        };
        JoinIncident: {
            /**
             * Format: int64
             * @description Number of the ticket that stands for all of them.
             */
            incident: number;
        };
        /** @description How one promise of an agreement was kept. */
        KeptView: {
            agreement: string;
            /**
             * Format: int64
             * @description Clocks that ended in the period, or fell due in it and run still,
             */
            ended: number;
            measure: components["schemas"]["Measure"];
            /**
             * Format: int64
             * @description and those among them that ended in time.
             */
            met: number;
        };
        /** @enum {string} */
        Kind: "acceptance" | "mute" | "maintenance";
        /** @description A name under which a device knows the person. */
        KnownThere: {
            /** @description Id. */
            device: string;
            hostname: string;
            login: string;
        };
        /**
         * @description In which language somebody is spoken to.
         * @enum {string}
         */
        Language: "en" | "fr";
        LimitView: {
            /** Format: double */
            default: number;
            name: string;
            /** @description "%", "bytes", "s"; empty: a plain number. */
            unit: string;
        };
        /** @description Another ticket, and how this one belongs to it. */
        LinkView: {
            relation: components["schemas"]["Relation"];
            /** Format: int64 */
            ticket: number;
        };
        /** @description What is done, in this order; what is left out is not. */
        Macro: {
            /**
             * @description Ids of checks that run on all devices of the ticket.
             * @default []
             */
            checks: string[];
            /**
             * @description It is assigned to whoever runs the macro.
             * @default false
             */
            claim: boolean;
            /**
             * @description For people.
             * @default
             */
            description: string;
            /** @default null */
            note: string | null;
            /** @default null */
            priority: components["schemas"]["Priority"] | null;
            /**
             * @description Of what changes of tier and state; with the state "proposed" the requester reads it, unless it is for another tier.
             * @default null
             */
            reason: string | null;
            /**
             * @description Name of a canned reply to the requester.
             * @default null
             */
            reply: string | null;
            /** @default null */
            state: components["schemas"]["State"] | null;
            /** @default [] */
            tags: string[];
            /** @default null */
            tier: components["schemas"]["Tier"] | null;
            /** @default null */
            waiting_for: components["schemas"]["WaitingFor"] | null;
        };
        MacroList: {
            items: components["schemas"]["TextView_Macro"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        MacroView: components["schemas"]["Macro"] & {
            changed_at: string;
            changed_by: string;
            name: string;
        };
        MaintenanceList: {
            items: components["schemas"]["MaintenanceView"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        MaintenanceView: {
            created_at: string;
            created_by: string;
            /** @description Host names and ids; empty: the whole site. */
            devices: components["schemas"]["WorkedOn"][];
            /** @description Of the span that holds, else of the next one. */
            from: string;
            /** @description It holds now. */
            holds: boolean;
            id: string;
            /** @description and not after this; none: until it is ended. */
            last?: string | null;
            reason: string;
            site: string;
            /** @description on the clock of this time zone, */
            time_zone?: string | null;
            until: string;
            /** @description It comes again every week, */
            weekly: boolean;
        };
        /**
         * @description By what somebody was found; the surest first.
         * @enum {string}
         */
        Matched: "code" | "mail" | "telephone" | "address" | "host" | "asset" | "name" | "user";
        /** @description A priority for each impact and urgency. */
        Matrix: {
            /** @description By impact. */
            high: components["schemas"]["Row"];
            low: components["schemas"]["Row"];
            medium: components["schemas"]["Row"];
        };
        Me: {
            /** @description Of a browser's session: goes into the header `X-CSRF-Token` of every change. */
            csrf?: string | null;
            name: string;
            role: components["schemas"]["Role"];
            second_factor: boolean;
            /** @description Names of the sites whose devices and tickets they see; empty: all. */
            sites: string[];
        };
        /**
         * @description What a clock measures.
         * @enum {string}
         */
        Measure: "first_response" | "next_response" | "resolution" | "tier";
        Merge: {
            /**
             * Format: int64
             * @description Number of the ticket that stays.
             */
            into: number;
        };
        /**
         * @description What does not fit.
         * @enum {string}
         */
        Misfit: "not_in_record" | "not_on_device" | "other_order" | "other_origin" | "other_outcome" | "not_audited";
        MisfitView: {
            /** @description Id of the order and its job. */
            job: string;
            misfit: components["schemas"]["Misfit"];
            /** @description What the device says of it; null: it knows nothing of it. */
            receipt: Record<string, never>;
        };
        MuteList: {
            items: components["schemas"]["MuteView"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        MuteView: {
            /** @description Empty: every check. */
            check: string;
            created_at: string;
            created_by: string;
            /** @description Id of a device; none: not for one device only. */
            device?: string | null;
            id: string;
            reason: string;
            /** @description None, and no device: the fleet. */
            site?: string | null;
            subject?: string | null;
            /** @description None: until the finding changes. */
            until?: string | null;
        };
        /** @description A device as people know it, and how it stands; nulls where that cannot be read now. */
        Named: {
            connected?: boolean | null;
            hostname?: string | null;
            id: string;
            /** @description Its worst finding: "ok", "warning", "critical", "unknown"; null: nothing is reported yet. */
            status?: string | null;
        };
        /** @description A thing without an agent as people know it. */
        NamedAsset: {
            /** @description A name or an IP address; none, too: it has none that is known. */
            address?: string | null;
            id: string;
            kind?: components["schemas"]["AssetKind"] | null;
            /** @description None, as of what follows: it cannot be read now. */
            name?: string | null;
            /** Format: int32 */
            port?: number | null;
            /** @description It is not there any more. */
            removed: boolean;
        };
        NewAccount: {
            name: string;
            /** @description None: one is made. */
            password?: string | null;
            role: components["schemas"]["Role"];
            /** @description Names; empty: all. */
            sites?: string[];
        };
        NewEndpoint: {
            /** @description Kinds of events as a ticket's timeline has them; none: all. */
            kinds?: string[];
            name: string;
            /** @description Names of sites; none: all. */
            sites?: string[];
            /** @description Where messages are posted. */
            url: string;
        };
        NewEnrolmentToken: {
            /**
             * Format: int32
             * @description A day if it is not given.
             */
            expires_in_seconds?: number | null;
            /** @description "default" if it is not given. */
            site?: string | null;
            /**
             * Format: int32
             * @description 1 if it is not given.
             */
            uses?: number | null;
        };
        NewFactor: {
            secret: string;
            /** @description For an authenticator to scan. */
            url: string;
        };
        NewLink: {
            /** @description "duplicate_of", "caused_by", "follows". */
            relation: components["schemas"]["Relation"];
            /**
             * Format: int64
             * @description Number of the other ticket.
             */
            ticket: number;
        };
        NewMessage: {
            /** @description Name of a canned reply, in the language asked for. */
            reply?: string | null;
            side?: components["schemas"]["Side"] | null;
            /** @description Not with `reply`. */
            text?: string | null;
        };
        NewNote: {
            text: string;
        };
        NewPage: {
            /**
             * Format: int32
             * @description 30 if it is not given, 365 at most.
             */
            days?: number | null;
        };
        NewPassword: {
            new: string;
            old: string;
        };
        NewPlan: {
            /** @description or devices of one: their ids. */
            devices?: string[];
            /** @description RFC 3339, of the first span. */
            from: string;
            /** @description No span begins after this; it goes with weekly. */
            last?: string | null;
            reason: string;
            /** @description Either the whole of a site */
            site?: string | null;
            /** @description On whose clock, as Europe/Paris; it goes with weekly. */
            time_zone?: string | null;
            until: string;
            /** @description The same every week. */
            weekly?: boolean;
        };
        NewPriority: {
            impact?: components["schemas"]["Impact"] | null;
            priority?: components["schemas"]["Priority"] | null;
            urgency?: components["schemas"]["Urgency"] | null;
        };
        NewRequester: {
            /** @description Id of the person. If it is not given: the only one of that name at the ticket's site, if there is one. */
            person?: string | null;
            /** @description Their name; that of the person if it is not given. */
            requester?: string | null;
        };
        NewSite: {
            name: string;
        };
        NewState: {
            /** @description With "proposed" the requester reads it. */
            reason?: string | null;
            state: components["schemas"]["State"];
            waiting_for?: components["schemas"]["WaitingFor"] | null;
        };
        NewTag: {
            tag: string;
        };
        NewTicket: {
            /** @description Ids of things without an agent. */
            assets?: string[];
            /** @description Ids. */
            devices?: string[];
            first?: components["schemas"]["First"] | null;
            impact?: components["schemas"]["Impact"] | null;
            note?: string | null;
            /** @description Id of a person. If it is not given: the only one of that name at the site, if there is one. */
            person?: string | null;
            priority?: components["schemas"]["Priority"] | null;
            /** @description Their name; that of the person if it is not given. */
            requester?: string | null;
            /** @description The first device's, else the first asset's, if it is not given. */
            site?: string | null;
            title: string;
            urgency?: components["schemas"]["Urgency"] | null;
        };
        NewTier: {
            reason: string;
            tier: components["schemas"]["Tier"];
        };
        NewToken: {
            /** @description Of the authenticator, or a recovery code; with the password. */
            code?: string | null;
            /**
             * Format: int32
             * @description 90 if it is not given.
             */
            days?: number | null;
            name: string;
            /** @description One's password. Needed where the request comes with a token, which alone must not make another. */
            password?: string | null;
        };
        NewView: {
            filter?: components["schemas"]["View"];
            /** @description With others; it takes the role senior. */
            shared?: boolean;
            /** @description Only with whoever sees this site. */
            site?: string | null;
        };
        NewWatcher: {
            /** @description Name of an account that may see the ticket; the caller's own if it is not given. */
            account?: string | null;
        };
        OfferedTool: {
            name: string;
            unknown?: components["schemas"]["Place"] | null;
        };
        OfferedTools: {
            /** @description By name. */
            items: components["schemas"]["OfferedTool"][];
        };
        OpenRemote: {
            /** @description Id of a device of the ticket. */
            device: string;
            /** @description Name of a tool. */
            tool: string;
        };
        Opened: components["schemas"]["TicketView"] & {
            /** @description Of what was asked for at once. */
            jobs?: components["schemas"]["JobView"][];
        };
        /**
         * @description In which order tickets come.
         * @enum {string}
         */
        Order: "due" | "newest";
        PageAddress: {
            created_at: string;
            created_by: string;
            expires_at: string;
            id: string;
            /** @description Shown once, when it is made: whoever knows it sees the ticket as its requester does. */
            url?: string | null;
        };
        PageList: {
            /** @description All that are good, 20 at most. */
            items: components["schemas"]["PageAddress"][];
        };
        PageView: {
            created_at: string;
            created_by: string;
            expires_at: string;
        };
        ParameterView: {
            choices: string[];
            help: string;
            name: string;
            required: boolean;
            /** @description "integer", "real", "text", "truth", "time". */
            type: string;
        };
        /** @description A part of a text, by its characters. */
        Part: {
            /**
             * Format: int32
             * @description The first.
             */
            begin: number;
            /**
             * Format: int32
             * @description The one after the last.
             */
            end: number;
        };
        PersonErased: {
            /** @description Numbers of tickets in their name that may be another person's of the same name: they are as they were. */
            doubtful: number[];
            /** @description What stands on tickets in their place. */
            pseudonym: string;
            /** @description Numbers of the tickets that they had asked for. */
            tickets: number[];
        };
        PersonExport: {
            at: string;
            /** @description Numbers of tickets in their name that may be a namesake's. */
            doubtful: number[];
            known_as: components["schemas"]["KnownThere"][];
            /** @description Numbers of older tickets of theirs that are not told here. */
            left_out: number[];
            /** @description Others of the site with the same name: what is in that name alone may be theirs. */
            namesakes: number;
            /** @description With devices, confirmed ones and those that they are logged on to. */
            person: components["schemas"]["PersonView"];
            /** @description What they have said on devices: the first 10,000. */
            said: components["schemas"]["SaidView"][];
            /** @description Tickets that they have asked for, the oldest first. */
            tickets: components["schemas"]["TheirTicket"][];
        };
        PersonList: {
            items: components["schemas"]["PersonView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        PersonTickets: {
            items: components["schemas"]["TicketView"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        PersonView: {
            changed_at: string;
            changed_by: string;
            /** @description Of one person: their devices, the confirmed ones first. */
            devices?: components["schemas"]["DeviceOf"][] | null;
            group?: string | null;
            id: string;
            language?: components["schemas"]["Language"] | null;
            mails: string[];
            name: string;
            /** @description For technicians. */
            note: string;
            /** @description Telephone numbers, as they were written. */
            phones: string[];
            site: string;
            /**
             * Format: int64
             * @description What `version` of a change compares.
             */
            version: number;
        };
        PersonsCsv: {
            /**
             * @description With the header `name,phone,mail,language,site,group`, of which only the name has to be there; several telephone
             *     numbers or mail addresses in one cell have `|` between them. What is empty stays as it was known.
             */
            csv: string;
            /** @description Of new persons whose line names none; the caller's first if it is not given. */
            site?: string | null;
        };
        /** @description How many persons a list has changed. */
        PersonsTaken: {
            added: number;
            changed: number;
            /** @description The list says nothing new of them. */
            same: number;
        };
        /** @enum {string} */
        Phase: "plan" | "apply" | "undo";
        /**
         * @description What can be put into a template.
         * @enum {string}
         */
        Place: "hostname" | "device" | "site" | "address" | "ticket";
        PointView: {
            at: string;
            /** Format: double */
            least?: number | null;
            /** Format: double */
            most?: number | null;
            /**
             * Format: double
             * @description The sample, or the mean of a step.
             */
            value: number;
        };
        /** @description What one policy says. What it leaves out is said by a policy with a wider reach, or by the default. */
        Policy: {
            /** @description By the id of a check. */
            checks?: Record<string, never>;
            /**
             * @description For people.
             * @default
             */
            description: string;
            /**
             * @description Ids of devices.
             * @default []
             */
            devices: string[];
            /**
             * Format: int32
             * @description No ticket is opened for a device within so long after its enrolment; a day by default.
             * @default null
             */
            settling_seconds: number | null;
            /**
             * @description Names of sites. Neither sites nor devices: the whole fleet.
             * @default []
             */
            sites: string[];
        };
        PolicyList: {
            items: components["schemas"]["PolicyView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        PolicyView: components["schemas"]["Policy"] & {
            changed_at: string;
            changed_by: string;
            name: string;
        };
        /**
         * @description How soon it must be dealt with.
         * @enum {string}
         */
        Priority: "urgent" | "high" | "normal" | "low";
        /** @description What went wrong, for a person and for a program, in the language of whoever asked. */
        Problem: {
            at?: components["schemas"]["Part"] | null;
            /** @description What is wrong with this request, in the language that `Accept-Language` asks for. */
            detail: string;
            /** @description The field, parameter or thing that is wrong. */
            field?: string | null;
            /** @description What to do about it, in the same language. */
            remedy?: string | null;
            /**
             * Format: int32
             * @description Seconds after which to try again.
             */
            retry_after?: number | null;
            /** Format: int32 */
            status: number;
            title: string;
            /** @description `urn:sonde:` and a word to decide by. */
            type: string;
        };
        RangeView: {
            /** @description "committed", "rejected", "thinned". */
            fate: string;
            /** Format: int64 */
            first: number;
            /** Format: int64 */
            last: number;
        };
        RecoveryCodes: {
            /** @description Each is good once. Shown once. */
            recovery_codes: string[];
        };
        RejectedList: {
            items: components["schemas"]["RejectedView"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        RejectedView: {
            at: string;
            reason: string;
            /** Format: int64 */
            seq: number;
        };
        /**
         * @description How a ticket belongs to another one, read from this to that.
         * @enum {string}
         */
        Relation: "duplicate_of" | "duplicated_by" | "caused_by" | "causes" | "follows" | "followed_by" | "split_from" | "split_into" | "merged_into" | "absorbs";
        RemoteAddress: {
            /** @description Given to whoever asked, and kept nowhere. */
            address: string;
            device: string;
            tool: string;
        };
        RemoteToolList: {
            items: components["schemas"]["RemoteToolView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        RemoteToolView: {
            changed_at: string;
            changed_by: string;
            id: string;
            name: string;
            /** @description None: it is of all sites. */
            site?: string | null;
            /** @description An address with `{hostname}`, `{device}`, `{site}`, `{address}` or `{ticket}` in it. */
            template: string;
        };
        Replay: {
            /** @description Of a dead delivery; all dead ones if it is not given. */
            delivery?: string | null;
        };
        Replayed: {
            /** Format: int64 */
            n_deliveries: number;
        };
        /** @description A reply in the languages in which requesters are answered; one may be left out. */
        Reply: {
            /** @default  */
            en: string;
            /** @default  */
            fr: string;
        };
        ReplyList: {
            items: components["schemas"]["TextView_Reply"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        ReplyView: components["schemas"]["Reply"] & {
            changed_at: string;
            changed_by: string;
            name: string;
        };
        Report: {
            from: string;
            promises: components["schemas"]["KeptView"][];
            to: string;
        };
        ReportAccount: {
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
            /** @description A page of so many ranges; the next may begin with more of the last spool. */
            spools: components["schemas"]["SpoolView"][];
        };
        Requester: {
            mail?: string | null;
            name?: string | null;
            phone?: string | null;
        };
        /**
         * @description What an account may do; each includes the one before.
         * @enum {string}
         */
        Role: "viewer" | "technician" | "senior" | "admin";
        /** @description A priority for each urgency. */
        Row: {
            high: components["schemas"]["Priority"];
            low: components["schemas"]["Priority"];
            medium: components["schemas"]["Priority"];
        };
        RowsView: {
            columns: components["schemas"]["ColumnView"][];
            /** Format: int64 */
            missing_rows: number;
            name: string;
            rows: Record<string, never>[];
        };
        /** @description A rule as people write it. */
        Rule: {
            /** @description The tier from which it hands on. */
            at?: components["schemas"]["Tier"];
            /** @description For people. */
            description?: string;
            /** @description Name of the site whose tickets it is for; none: of all sites. */
            site?: string | null;
            /** @description The tier to which it does, a higher one. */
            to: components["schemas"]["Tier"];
            when: components["schemas"]["Condition"];
        };
        /** @description A rule under its name. */
        RuleView_Agreement: {
            /**
             * @description The name of the calendar whose hours count.
             * @default
             */
            calendar: string;
            /**
             * @description For people.
             * @default
             */
            description: string;
            /**
             * @description Groups of requesters whose tickets it is for; none: it is for all of them. Capitals and accents do not matter.
             * @default []
             */
            groups: string[];
            /**
             * @description What a ticket may wait for while the clocks of its resolution stand still.
             * @default [
             *       "user",
             *       "part",
             *       "supplier",
             *       "device",
             *       "appointment"
             *     ]
             */
            pauses: components["schemas"]["WaitingFor"][];
            /** @description By priority; one that is left out is promised nothing. */
            priorities?: Record<string, never>;
            /**
             * @description Names of sites whose tickets it is for; none: for those that no other agreement names.
             * @default []
             */
            sites: string[];
            /**
             * @description Parts of a promised time, in percent, after which a warning is given.
             * @default [
             *       50,
             *       80
             *     ]
             */
            warn_percent: number[];
        } & {
            /** @description Since when it holds like this. */
            changed_at: string;
            changed_by: string;
            name: string;
        };
        /** @description A rule under its name. */
        RuleView_Hours: {
            /** @default [] */
            friday: string[];
            /** @description Days on which nobody works, by date; each with its name. */
            holidays?: Record<string, never>;
            /**
             * @description Each day's spans as `09:00-12:30`, at most up to `24:00`; a day without any is free.
             * @default []
             */
            monday: string[];
            /** @default [] */
            saturday: string[];
            /** @default [] */
            sunday: string[];
            /** @default [] */
            thursday: string[];
            /**
             * @description Of the IANA time zone database: `Europe/Paris`.
             * @default
             */
            time_zone: string;
            /** @default [] */
            tuesday: string[];
            /** @default [] */
            wednesday: string[];
        } & {
            /** @description Since when it holds like this. */
            changed_at: string;
            changed_by: string;
            name: string;
        };
        /** @description A rule under its name. */
        RuleView_Rule: {
            /** @description The tier from which it hands on. */
            at?: components["schemas"]["Tier"];
            /** @description For people. */
            description?: string;
            /** @description Name of the site whose tickets it is for; none: of all sites. */
            site?: string | null;
            /** @description The tier to which it does, a higher one. */
            to: components["schemas"]["Tier"];
            when: components["schemas"]["Condition"];
        } & {
            /** @description Since when it holds like this. */
            changed_at: string;
            changed_by: string;
            name: string;
        };
        RunMacro: {
            /** @description Name of a macro. */
            macro: string;
        };
        /** @description What a message says. */
        Said: {
            /** @description Host names. */
            devices?: string[];
            priority?: components["schemas"]["Priority"] | null;
            /** @description What the sender calls the ticket. A later message with the same adds to it. */
            reference?: string | null;
            requester?: components["schemas"]["Requester"] | null;
            /** @description In the requester's words. */
            text?: string | null;
            title: string;
        };
        SaidView: {
            /** @description When they meant it. */
            asked_at: string;
            /** @description Id. */
            device: string;
            login: string;
            /** @description Why it was refused, or stands on another ticket than it was meant for. */
            reason?: string | null;
            taken_at: string;
            /** Format: int64 */
            ticket?: number | null;
        };
        SavedView: {
            changed_at: string;
            changed_by: string;
            filter: components["schemas"]["View"];
            name: string;
            /** @description Others see it too. */
            shared: boolean;
            /** @description Of a shared one: with whoever sees this site; none: with everybody. */
            site?: string | null;
        };
        /** @description What a list of tickets is a part of when words were looked for. */
        SearchView: {
            /** @description and false: there may be more, which were not counted. */
            is_counted: boolean;
            /**
             * Format: int64
             * @description Tickets that were found,
             */
            n_found: number;
            /** @description The newest of them, up to 200, which were put in order. */
            n_ranked: number;
            /**
             * Format: int64
             * @description Tickets up to this number were not looked at: the collector is still taking up the words of what was written before
             *     it could search. None: all were.
             */
            not_searched_up_to?: number | null;
        };
        /** @description What is wrong, in one sentence. */
        Sentence: {
            technician: string;
            /** @description The same for whose machine it is. */
            user: string;
        };
        SeriesList: {
            items: components["schemas"]["SeriesView"][];
        };
        SeriesView: {
            /** @description It only grows, except at restarts. */
            counter: boolean;
            /** @description "mount=/"; empty: the machine as a whole. */
            labels: string;
            name: string;
            unit: string;
        };
        /** @description Devices that have it, of how many. */
        Share: {
            /** Format: int64 */
            n: number;
            /** Format: int64 */
            of: number;
        };
        /**
         * @description One of the two who write to each other on a ticket.
         * @enum {string}
         */
        Side: "requester" | "technician";
        SignedIn: {
            /** @description Of a browser's session: goes into the header `X-CSRF-Token` of every change. */
            csrf?: string | null;
            expires_at: string;
            id: string;
            name: string;
            role: components["schemas"]["Role"];
            /** @description The account has no second factor: it can do nothing but set one up. */
            second_factor_needed: boolean;
            /** @description Goes into the header `Authorization: Bearer …`. Shown once; not of a browser's session. */
            secret?: string | null;
        };
        /** @description Somebody has accepted it, has muted its kind, or its device is being worked on. */
        Silenced: {
            by: string;
            kind: components["schemas"]["Kind"];
            reason: string;
            /** @description None: until the finding changes. */
            until?: string | null;
        };
        SiteList: {
            items: components["schemas"]["SiteView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        SiteView: {
            created_at: string;
            /** Format: int64 */
            n_devices: number;
            name: string;
        };
        SnapshotList: {
            items: components["schemas"]["SnapshotView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        SnapshotView: {
            device: string;
            hostname?: string | null;
            id: string;
            /** @description Made of what was stored because the device was not connected; completed when it comes back. */
            partial: boolean;
            taken_at: string;
            /** Format: int64 */
            ticket: number;
        };
        SourceList: {
            items: components["schemas"]["SourceView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        SourceView: {
            created_at: string;
            created_by: string;
            name: string;
            /** @description Where it posts to. */
            path: string;
            /** @description To which its tickets belong. */
            site: string;
        };
        SourceWithSecret: components["schemas"]["SourceView"] & {
            /** @description What it signs its messages with. It is shown once. */
            secret: string;
        };
        Split: {
            /** @description Id of the installation that stays the device; every other has to enrol anew. */
            keep: string;
        };
        SplitOff: {
            /** @description Ids of devices of this ticket that the new one is about. */
            devices?: string[];
            /** @description Numbers of messages and notes of this ticket that are told on the new one, 50 at most. */
            events?: number[];
            title: string;
        };
        SpokenCode: {
            /** @description As it was read aloud; hyphens, spaces and case do not count. */
            code: string;
        };
        SpoolView: {
            /** @description Ascending, without overlaps; neighbours of one fate are one range. */
            ranges: components["schemas"]["RangeView"][];
            spool: string;
        };
        /**
         * @description Where a consent stands.
         * @enum {string}
         */
        Standing: "asked" | "given" | "refused" | "expired" | "used" | "withdrawn";
        /**
         * @description Where a ticket stands.
         * @enum {string}
         */
        State: "new" | "open" | "waiting" | "proposed" | "resolved" | "closed";
        StepView: {
            /** @description What the step does, byte for byte. */
            exact: string[];
            /** @description Why it is not done. */
            reason?: string | null;
            /** @description "planned", "done", "failed". */
            state: string;
            summary: string;
        };
        TableLine: {
            columns: string[];
            /**
             * Format: int64
             * @description How often devices read it by themselves; 0: only when asked.
             */
            every_seconds: number;
            /**
             * Format: int32
             * @description Rows that one reading gives at most.
             */
            most_rows: number;
            name: string;
            /** @description What narrows a reading down. */
            parameters: components["schemas"]["ParameterView"][];
        };
        TableList: {
            items: components["schemas"]["TableLine"][];
        };
        TableStateList: {
            items: components["schemas"]["TableStateView"][];
        };
        TableStateView: {
            changed_at: string;
            table: string;
            /** @description Why the table could not be read. */
            unavailable?: string | null;
        };
        TableView: {
            changed_at: string;
            columns: components["schemas"]["ColumnView"][];
            /** @description Give it as `after` to get the next rows; none: these are the last. */
            next?: string | null;
            /** @description Values by column; an absent one is not there. */
            rows: Record<string, never>[];
            table: string;
            unavailable?: string | null;
        };
        TakenView: {
            /**
             * Format: int64
             * @description The ticket's.
             */
            number: number;
            /** @description "opened"; "added": to the ticket of its reference; "known": the message had come before. */
            outcome: string;
        };
        TechnicianList: {
            /** @description By name: the first 500. */
            items: components["schemas"]["TechnicianView"][];
        };
        TechnicianView: {
            name: string;
            role: components["schemas"]["Role"];
        };
        Tested: {
            /** @description Of the delivery, whose state says how it went. */
            delivery: string;
        };
        TextView_Macro: {
            /**
             * @description Ids of checks that run on all devices of the ticket.
             * @default []
             */
            checks: string[];
            /**
             * @description It is assigned to whoever runs the macro.
             * @default false
             */
            claim: boolean;
            /**
             * @description For people.
             * @default
             */
            description: string;
            /** @default null */
            note: string | null;
            /** @default null */
            priority: components["schemas"]["Priority"] | null;
            /**
             * @description Of what changes of tier and state; with the state "proposed" the requester reads it, unless it is for another tier.
             * @default null
             */
            reason: string | null;
            /**
             * @description Name of a canned reply to the requester.
             * @default null
             */
            reply: string | null;
            /** @default null */
            state: components["schemas"]["State"] | null;
            /** @default [] */
            tags: string[];
            /** @default null */
            tier: components["schemas"]["Tier"] | null;
            /** @default null */
            waiting_for: components["schemas"]["WaitingFor"] | null;
        } & {
            changed_at: string;
            changed_by: string;
            name: string;
        };
        TextView_Reply: {
            /** @default  */
            en: string;
            /** @default  */
            fr: string;
        } & {
            changed_at: string;
            changed_by: string;
            name: string;
        };
        TheirTicket: {
            /** @description What was answered in their place or by them. */
            consents: components["schemas"]["AnsweredView"][];
            /** @description What they wrote, the oldest first: the newest 500. */
            messages: components["schemas"]["WrittenView"][];
            /** Format: int64 */
            number: number;
            opened_at: string;
            /** @description Pages that are good; their addresses are not known. */
            pages: components["schemas"]["PageView"][];
            /** @description As it stands on the ticket. */
            requester?: string | null;
            state: string;
            title: string;
        };
        TicketList: {
            items: components["schemas"]["TicketView"][];
            /** @description Give it as `before` to get the next page, in the queue and of a search as `after`; none: this is the last. */
            next?: string | null;
            order?: components["schemas"]["Order"] | null;
            search?: components["schemas"]["SearchView"] | null;
        };
        TicketOf: {
            /** Format: int64 */
            number: number;
            /** @description "new", "open", "waiting", "proposed". */
            state: string;
            title: string;
        };
        TicketView: {
            asked?: components["schemas"]["AskedView"] | null;
            /** @description Things without an agent that it is about. */
            assets: components["schemas"]["NamedAsset"][];
            assignee?: string | null;
            changed_at: string;
            /** @description What was promised for it; an agreement that promises nothing leaves it empty. */
            clocks: components["schemas"]["ClockView"][];
            devices: components["schemas"]["Named"][];
            /** @description Their group when it was said. */
            group?: string | null;
            impact?: components["schemas"]["Impact"] | null;
            /**
             * Format: int64
             * @description The ticket of the incident that it is part of.
             */
            incident?: number | null;
            /** @description The check whose incident it is. */
            incident_check?: string | null;
            /** @description How it belongs to other tickets. */
            links: components["schemas"]["LinkView"][];
            /** @description Where it can go from here. */
            next_states: components["schemas"]["State"][];
            /** Format: int64 */
            number: number;
            opened_at: string;
            opened_by: string;
            /** @description Id of the person who that is, if the directory has them. */
            person?: string | null;
            priority: components["schemas"]["Priority"];
            requester?: string | null;
            site: string;
            /** @description "new", "open", "waiting", "proposed", "resolved", "closed". */
            state: string;
            tags: string[];
            tier: components["schemas"]["Tier"];
            title: string;
            urgency?: components["schemas"]["Urgency"] | null;
            /**
             * Format: int64
             * @description What `If-Match` compares.
             */
            version: number;
            /** @description "user", "part", "supplier", "device", "appointment". */
            waiting_for?: string | null;
            /** @description Names of accounts. */
            watchers: string[];
        };
        /**
         * @description What a device has to do with a person who calls.
         * @enum {string}
         */
        Tie: "matched" | "confirmed" | "seen";
        /**
         * @description Who works on it: the first tier answers, each next one knows more of less, and a supplier is asked last.
         * @enum {string}
         */
        Tier: "first" | "second" | "third" | "supplier";
        Timeline: {
            items: components["schemas"]["EventView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        TokenList: {
            items: components["schemas"]["TokenView"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        TokenView: {
            created_at: string;
            expires_at: string;
            id: string;
            /** @description "session", "token". */
            kind: string;
            name: string;
            /** @description Shown once, when it is made. */
            secret?: string | null;
            used_at: string;
        };
        TriedList: {
            /** @description The newest first. */
            items: components["schemas"]["JobView"][];
            /** @description Give it as `before` to get the next page; none: this is the last. */
            next?: string | null;
        };
        TriedTemplate: {
            /** @description For a device that there is not. */
            address: string;
        };
        TryTemplate: {
            site?: string | null;
            template: string;
        };
        /**
         * @description How soon it hurts.
         * @enum {string}
         */
        Urgency: "high" | "medium" | "low";
        Verdict: {
            /**
             * Format: int64
             * @description Number of the first entry that does not fit the one before.
             */
            broken_at?: number | null;
            /** Format: int64 */
            n_entries?: number | null;
            whole: boolean;
        };
        /** @description What a list of tickets is narrowed by. What is left out narrows nothing. */
        View: {
            /**
             * @description Id of a thing without an agent.
             * @default null
             */
            asset: string | null;
            /**
             * @description Name of an account, "me", or "nobody".
             * @default null
             */
            assignee: string | null;
            /**
             * @description Id of a device.
             * @default null
             */
            device: string | null;
            /**
             * Format: int32
             * @description Something of it is due within so many minutes, or was; in the order of what is due.
             * @default null
             */
            due_within: number | null;
            /** @default null */
            order: components["schemas"]["Order"] | null;
            /** @default null */
            priority: components["schemas"]["Priority"] | null;
            /**
             * @description Words that stand on the ticket.
             * @default null
             */
            search: string | null;
            /**
             * @description Name of a site.
             * @default null
             */
            site: string | null;
            /**
             * @description States with commas between them; "unresolved" stands for all that are not resolved or closed.
             * @default null
             */
            state: string | null;
            /** @default null */
            tag: string | null;
            /** @default null */
            tier: components["schemas"]["Tier"] | null;
            /** @default null */
            waiting_for: components["schemas"]["WaitingFor"] | null;
            /**
             * @description Name of an account that watches them, or "me".
             * @default null
             */
            watcher: string | null;
        };
        ViewList: {
            items: components["schemas"]["SavedView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        /**
         * @description Whom or what a waiting ticket waits for.
         * @enum {string}
         */
        WaitingFor: "user" | "part" | "supplier" | "device" | "appointment";
        /**
         * @description By which way the answer came.
         * @enum {string}
         */
        Way: "page" | "notification";
        WebhookList: {
            items: components["schemas"]["WebhookView"][];
            /** @description Give it as `after` to get the next page; none: this is the last. */
            next?: string | null;
        };
        WebhookView: {
            created_at: string;
            created_by: string;
            /** @description Why it is not enabled; none: somebody has said so. */
            disabled_reason?: string | null;
            enabled: boolean;
            /** @description Since when no message has arrived there. */
            failing_since?: string | null;
            /** @description Only events of these kinds; none: all. */
            kinds: string[];
            /** Format: int64 */
            n_dead: number;
            /** Format: int64 */
            n_waiting: number;
            name: string;
            /** @description Only tickets of these sites; none: of all. */
            sites: string[];
            url: string;
        };
        WholeSnapshot: components["schemas"]["SnapshotView"] & {
            findings: components["schemas"]["FindingView"][];
            /** @description The last 15 minutes. */
            metrics: components["schemas"]["Course"][];
            tables: components["schemas"]["FrozenTable"][];
            window?: components["schemas"]["WindowView"] | null;
        };
        /** @description The stretch of time of which a ticket's own words speak. */
        WindowView: {
            from_at: string;
            metrics: components["schemas"]["Course"][];
            /**
             * Format: int64
             * @description Minimum, mean and maximum over each step; 0: every sample.
             */
            step_seconds: number;
            to_at: string;
            /** @description The words that mean it. */
            words: string;
        };
        WithSecret: components["schemas"]["WebhookView"] & {
            /** @description What messages are signed with. It is shown once. */
            secret: string;
        };
        WorkedOn: {
            hostname: string;
            id: string;
        };
        WrittenView: {
            at: string;
            /** @description Who put it onto the ticket. */
            by: string;
            text: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_acceptances: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Findings that are accepted, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptanceList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_acceptances: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Accept"];
            };
        };
        responses: {
            /** @description Accepts what is wrong with a device as known, as bad as it is now, until a time */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptanceView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_acceptances_acceptance: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                acceptance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ends an acceptance; one of somebody else's takes the role senior */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_accounts: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accounts by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_accounts: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAccount"];
            };
        };
        responses: {
            /** @description Makes an account */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedAccount"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_accounts_account: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Change"];
            };
        };
        responses: {
            /** @description Changes role, sites, or whether it is disabled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_accounts_account_reset: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gives a new password and second factor to whoever cannot get in; sessions and tokens end */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedAccount"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_actions: {
        parameters: {
            query?: {
                /** @description Id of a device; without it, what all devices declare. */
                device?: string | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Actions that devices declare */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_alerts: {
        parameters: {
            query?: {
                /** @description Id of a device. */
                device?: string | null;
                before?: number | null;
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alerts that are open, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_assets: {
        parameters: {
            query?: {
                /** @description Beginnings of words of name, kind, serial number, model or place; or an address. */
                search?: string | null;
                kind?: components["schemas"]["AssetKind"] | null;
                /** @description Those that are not there any more, too. */
                removed?: boolean | null;
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Things without an agent, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_assets: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskAsset"];
            };
        };
        responses: {
            /** @description Adds a thing without an agent that a ticket can be about */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_assets_asset: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                asset: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One of them, removed or not */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_assets_asset: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                asset: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskAsset"];
            };
        };
        responses: {
            /** @description Sets what is known of it, in the place of all that was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_assets_asset: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                asset: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Says that it is not there any more; tickets that were about it still say so */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_audit: {
        parameters: {
            query?: {
                /** @description An account, `device ID`, or `collector`. */
                actor?: string | null;
                /** @description What it was done to, as entries have it. */
                subject?: string | null;
                /** @description A deed, as `account.create`, or the beginning of several, as `account`. */
                deed?: string | null;
                /** @description RFC 3339. */
                from?: string | null;
                /** @description RFC 3339; not this moment itself. */
                to?: string | null;
                before?: number | null;
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Audit entries, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_audit_verify: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Checks the chain of entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_callers: {
        parameters: {
            query: {
                /**
                 * @description A name, telephone number, mail address, host name, an asset's name, serial number or address, IP address, login, or caller code: the first six characters or
                 *     more of the device's id, as `sonde-agent status` shows it, or the code that it shows without a network.
                 */
                q: string;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who may be calling, with their devices and open tickets, the best match first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallerList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_checks: {
        parameters: {
            query?: {
                /** @description Id of a device; without it, what all devices declare. */
                device?: string | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Checks that devices declare */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices: {
        parameters: {
            query?: {
                /** @description Part of the host name or serial number, or beginning of the id or a hardware address. */
                text?: string | null;
                /** @description The host name as a whole, case aside. */
                hostname?: string | null;
                connected?: boolean | null;
                /** @description Name of a site. */
                site?: string | null;
                os?: string | null;
                agent_version?: string | null;
                /** @description "critical", "warning", "unknown", "ok", "none" (nothing is reported yet); several with commas between them. */
                status?: string | null;
                /** @description Whether two machines hold its key. */
                conflict?: boolean | null;
                /** @description A question, as `filesystems where used_percent > 90`: devices that have such a row. */
                q?: string | null;
                /** @description With removed ones. */
                removed?: boolean | null;
                /**
                 * @description "enrolled" (if it is not given), "name", "status" (the worst first), "seen" (who is connected, then who was
                 *     last), "site", "os", "agent_version"; with `-` before it from the last to the first.
                 */
                sort?: string | null;
                /** @description Columns of facts that come with each device: `table.column`, several with commas between them, 8 at most. */
                facts?: string | null;
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Devices, with what is asked for of their facts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_counts: {
        parameters: {
            query?: {
                /** @description As in the list of devices; so is all that follows. */
                text?: string | null;
                hostname?: string | null;
                connected?: boolean | null;
                site?: string | null;
                os?: string | null;
                agent_version?: string | null;
                status?: string | null;
                conflict?: boolean | null;
                q?: string | null;
                removed?: boolean | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many devices there are at each site, of each system and status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Counts"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_live: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description The id of the last event that was heard: what came since is said first; where that is not known any more, an event `resync` says so */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, each with data in JSON and the last one of a change with an id. First how it stands, or `listening`. `ticket`: number, version. `looking`: names. `enrolled`: device, hostname. `job`: job, state, n_events, ended. `snapshot`: snapshot, ticket, partial. `device`: device, connected. Of live metrics `sample`: at, missed, values (metric, labels, unit, value); `missed`: samples; `away`. `resync`: something was missed that is not known any more; read anew */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One device */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_devices_device: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cuts a device off and refuses its key from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_changes: {
        parameters: {
            query?: {
                /** @description `CHECK` or `CHECK/SUBJECT`: what may have made this finding, the likeliest first, 50 at most. */
                for?: string | null;
                /** @description RFC 3339; a day before `to` if it is not given, or before it went wrong. */
                from?: string | null;
                /** @description RFC 3339; now if it is not given. */
                to?: string | null;
                /** @description `next` of the page before, with the same `from` and `to`. */
                before?: string | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What changed on a device between two times, or what may have made a finding */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangeList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_cohort: {
        parameters: {
            query: {
                /** @description `CHECK` or `CHECK/SUBJECT` of a finding of this device. */
                for: string;
                /** @description Count findings of the same check about anything, not only about the same subject. */
                any_subject?: boolean;
                /** @description Names of packages with commas between them: their versions are compared too, 12 at most. */
                packages?: string | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Which devices have the same finding, and what they have in common */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cohort"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_events: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a device tells of itself: starts, jumps of its clock, sleep */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_facts: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Fact tables that a device reports */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableStateList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_facts_table: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One fact table as it is now, rows by their keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_findings: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is wrong with a device, and its findings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_jobs: {
        parameters: {
            query?: {
                /** @description Id of a job: only what was ordered before it. */
                before?: string | null;
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Jobs on a device, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_devices_device_join: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Join"];
            };
        };
        responses: {
            /** @description Says which device this one continues */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_live: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description The id of the last event that was heard: what came since is said first; where that is not known any more, an event `resync` says so */
                "Last-Event-ID"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, each with data in JSON and the last one of a change with an id. First how it stands, or `listening`. `ticket`: number, version. `looking`: names. `enrolled`: device, hostname. `job`: job, state, n_events, ended. `snapshot`: snapshot, ticket, partial. `device`: device, connected. Of live metrics `sample`: at, missed, values (metric, labels, unit, value); `missed`: samples; `away`. `resync`: something was missed that is not known any more; read anew */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_metrics: {
        parameters: {
            query?: {
                /** @description "disk.used_bytes"; all if it is not given. */
                name?: string | null;
                labels?: string | null;
                /** @description RFC 3339. */
                from?: string | null;
                /** @description RFC 3339; now if it is not given. */
                to?: string | null;
                /** @description How far before `to`, instead of `from`. */
                seconds?: number | null;
                /** @description "samples", "5m", "1h"; samples if it is not given. */
                step?: string | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The course of a device's metrics between two times */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourseList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_policy: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What policies say about a device */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EffectiveView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_rejected: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reports of a device that were refused, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectedList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_reports: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How a device's reports were accounted for, by spool */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportAccount"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_series: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is measured on a device */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SeriesList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_devices_device_split: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Split"];
            };
        };
        responses: {
            /** @description Ends a conflict of two machines with one key */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_devices_device_tried: {
        parameters: {
            query: {
                /** @description Id of an action. */
                action: string;
                /** @description Also what was tried on other devices for this ticket. */
                ticket?: number | null;
                /** @description Id of a job: only what was ordered before it. */
                before?: string | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What an action did when it was run before, on this device or for this ticket */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriedList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_enrolment_tokens: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Enrolment tokens, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolmentTokenList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_enrolment_tokens: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEnrolmentToken"];
            };
        };
        responses: {
            /** @description Makes an enrolment token */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolmentToken"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_enrolment_tokens_token: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revokes an enrolment token */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_escalation_rules: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rules that hand tickets on, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_escalation_rules_escalation: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                escalation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A rule that hands tickets on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_escalation_rules_escalation: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                escalation: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rule"];
            };
        };
        responses: {
            /** @description Sets a rule, in the place of that of its name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_escalation_rules_escalation: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                escalation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a rule */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_escalation_try: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rule"];
            };
        };
        responses: {
            /** @description Which tickets a rule would hand on now; nothing is done. Looks at `limit` tickets after `after` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandsOnList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_intake_source: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                source: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Said"];
            };
        };
        responses: {
            /** @description Takes a message of another system, signed as Standard Webhooks has it: opens a ticket, or adds to one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakenView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_jobs_job: {
        parameters: {
            query?: {
                /** @description Answer when the job has ended, or after so many seconds, 300 at most. */
                wait_seconds?: number | null;
                /** @description Answer when it has more than so many events. */
                after?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_jobs_job_cancel: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stops a job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cancelled"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_jobs_job_live: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description The id of the last event that was heard: what came since is said first; where that is not known any more, an event `resync` says so */
                "Last-Event-ID"?: string;
            };
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, each with data in JSON and the last one of a change with an id. First how it stands, or `listening`. `ticket`: number, version. `looking`: names. `enrolled`: device, hostname. `job`: job, state, n_events, ended. `snapshot`: snapshot, ticket, partial. `device`: device, connected. Of live metrics `sample`: at, missed, values (metric, labels, unit, value); `missed`: samples; `away`. `resync`: something was missed that is not known any more; read anew */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_jobs_job_metrics: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description The id of the last event that was heard: what came since is said first; where that is not known any more, an event `resync` says so */
                "Last-Event-ID"?: string;
            };
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, each with data in JSON and the last one of a change with an id. First how it stands, or `listening`. `ticket`: number, version. `looking`: names. `enrolled`: device, hostname. `job`: job, state, n_events, ended. `snapshot`: snapshot, ticket, partial. `device`: device, connected. Of live metrics `sample`: at, missed, values (metric, labels, unit, value); `missed`: samples; `away`. `resync`: something was missed that is not known any more; read anew */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_jobs_job_receipts: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Holds the receipts that a device gave in this job, as the table `receipts`, against orders and audit log */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_macros: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Macros, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MacroList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_macros_macro: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                macro: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One macro */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MacroView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_macros_macro: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                macro: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Macro"];
            };
        };
        responses: {
            /** @description Sets a macro, in the place of that of its name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MacroView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_macros_macro: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                macro: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a macro */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_maintenance: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Maintenance that is planned and not over, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_maintenance: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPlan"];
            };
        };
        responses: {
            /** @description Plans a span in which what is found opens no ticket before its end; that of a whole site takes the role senior */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_maintenance_maintenance: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                maintenance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ends a maintenance, or what is left of it; one of somebody else's takes the role senior */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_matrix: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Which priority follows from impact and urgency */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matrix"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_matrix: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Matrix"];
            };
        };
        responses: {
            /** @description Sets which priority follows from impact and urgency */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matrix"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_me_password: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPassword"];
            };
        };
        responses: {
            /** @description Sets a new password and ends all sessions and tokens */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_me_second_factor: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmFactor"];
            };
        };
        responses: {
            /** @description Sets the second factor, in place of an earlier one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_me_second_factor: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Makes a secret for an authenticator; nothing is set until it is confirmed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewFactor"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me_tokens: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One's sessions and tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_me_tokens: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Makes a token */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_me_tokens_token: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ends a session or token */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_mutes: {
        parameters: {
            query?: {
                /** @description Id of a device: what mutes it, those of its site and of the fleet too. */
                device?: string | null;
                /** @description `next` of the page before. */
                before?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Mutes that hold, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MuteList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_mutes: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskMute"];
            };
        };
        responses: {
            /** @description Lets findings of a device or a site open no alert; those of the fleet take the role senior */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MuteView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_mutes_mute: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                mute: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ends a mute; one of somebody else's takes the role senior */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_persons: {
        parameters: {
            query?: {
                /** @description Beginnings of words of the name, a telephone number, or a mail address. */
                search?: string | null;
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Persons by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_persons: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskPerson"];
            };
        };
        responses: {
            /** @description Adds a person */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_persons_import: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonsCsv"];
            };
        };
        responses: {
            /** @description Adds and changes the persons of a list, or refuses it whole; known is who has a mail address of it, else who has a telephone number and a word of the name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonsTaken"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_persons_person: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A person and their devices */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_persons_person: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskPerson"];
            };
        };
        responses: {
            /** @description Sets what is known of a person, in the place of all that was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_persons_person: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgets a person; tickets keep the name of who asked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_persons_person_devices: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskDevice"];
            };
        };
        responses: {
            /** @description Confirms that a device is a person's */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_persons_person_devices_device: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                person: string;
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Takes back that a device is a person's */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_persons_person_erase: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EraseAsk"];
            };
        };
        responses: {
            /** @description Erases a person for good: a pseudonym stands on their tickets, whose pages lead nowhere any more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonErased"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_persons_person_export: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is held of a person; that it was given out is kept */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonExport"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_persons_person_tickets: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tickets that they ask for, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonTickets"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_policies: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Policies by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_policies_policy: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                policy: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A policy */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_policies_policy: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                policy: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Policy"];
            };
        };
        responses: {
            /** @description Sets a policy, in the place of the one of its name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_policies_policy: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                policy: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a policy */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_query: {
        parameters: {
            query: {
                /** @description `TABLE [where CONDITION]`, as in `filesystems where used_percent > 90 and mount = '/'`. */
                q: string;
                /** @description Id of the one device that is asked about; all if it is not given. */
                device?: string | null;
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rows of a table of all devices, as the collector holds them, for which a condition holds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answers"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_remote_tools: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remote desktop tools of sites and of all, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoteToolList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_remote_tools: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskRemoteTool"];
            };
        };
        responses: {
            /** @description Adds a tool that devices are opened in from a ticket */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoteToolView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_remote_tools_try: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TryTemplate"];
            };
        };
        responses: {
            /** @description The address that a template makes for an example of a device; nothing is kept */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriedTemplate"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_remote_tools_tool: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                tool: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskRemoteTool"];
            };
        };
        responses: {
            /** @description Sets name and template of a tool; its site stays */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoteToolView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_remote_tools_tool: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                tool: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a tool */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_replies: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Canned replies, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplyList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_replies_reply: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                reply: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One canned reply */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplyView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_replies_reply: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                reply: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reply"];
            };
        };
        responses: {
            /** @description Sets a canned reply, in the place of that of its name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplyView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_replies_reply: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                reply: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a canned reply */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_sign_in: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Signs in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_sign_out: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ends this credential */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_sites: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sites by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_sites: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSite"];
            };
        };
        responses: {
            /** @description Makes a site */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_sla_agreements: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Agreements by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgreementList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_sla_agreements_agreement: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                agreement: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An agreement */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgreementView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_sla_agreements_agreement: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                agreement: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Agreement"];
            };
        };
        responses: {
            /** @description Sets an agreement, in the place of the one of its name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgreementView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_sla_agreements_agreement: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                agreement: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes an agreement */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_sla_calendars: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Calendars by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_sla_calendars_calendar: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                calendar: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A calendar */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_sla_calendars_calendar: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                calendar: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Hours"];
            };
        };
        responses: {
            /** @description Sets a calendar, in the place of the one of its name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_sla_calendars_calendar: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                calendar: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a calendar by which no agreement counts */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_sla_calendars_calendar_holidays: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                calendar: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Holidays"];
            };
        };
        responses: {
            /** @description Adds the days of an iCalendar file to a calendar's holidays */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_sla_report: {
        parameters: {
            query?: {
                /** @description Clocks that ended from here on; 30 days ago if it is not given. */
                from?: string | null;
                /** @description And before here; now if it is not given. */
                to?: string | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How promises were kept whose clocks ended in a period */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tables: {
        parameters: {
            query?: {
                /** @description Id of a device; without it, what all devices declare. */
                device?: string | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tables that devices declare */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets: {
        parameters: {
            query?: {
                /** @description Name of a view: one's own, else one that is shared. Whatever else is given narrows it, or gives another order. */
                view?: string | null;
                /** @description States with commas between them; "unresolved" stands for all that are not resolved or closed. */
                state?: string | null;
                /** @description Name of an account, "me", or "nobody". */
                assignee?: string | null;
                /** @description Name of a site. */
                site?: string | null;
                /** @description Id of a device. */
                device?: string | null;
                /** @description Id of a thing without an agent. */
                asset?: string | null;
                tag?: string | null;
                /** @description Name of an account that watches them, or "me". */
                watcher?: string | null;
                tier?: components["schemas"]["Tier"] | null;
                priority?: components["schemas"]["Priority"] | null;
                /** @description What they wait for. */
                waiting_for?: components["schemas"]["WaitingFor"] | null;
                /** @description "due": the queue, what is due next first, without what is resolved. "newest": the newest first, as if it is not given. */
                order?: components["schemas"]["Order"] | null;
                /** @description In the queue: something is due within so many minutes, or was. */
                due_within?: number | null;
                /**
                 * @description Words that stand on the ticket: in title, notes, messages, reasons, names of requester and devices. All are needed; the
                 *     last may be a beginning. The 200 newest that have them come in the order of how well they fit.
                 */
                search?: string | null;
                before?: number | null;
                /** @description `next` of the page before, in the queue or of a search. */
                after?: string | null;
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tickets, the newest first, or in the order of what is due next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTicket"];
            };
        };
        responses: {
            /** @description Opens a ticket and freezes what is known of its devices; may ask them for something at once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Opened"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_live: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description The id of the last event that was heard: what came since is said first; where that is not known any more, an event `resync` says so */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, each with data in JSON and the last one of a change with an id. First how it stands, or `listening`. `ticket`: number, version. `looking`: names. `enrolled`: device, hostname. `job`: job, state, n_events, ended. `snapshot`: snapshot, ticket, partial. `device`: device, connected. Of live metrics `sample`: at, missed, values (metric, labels, unit, value); `missed`: samples; `away`. `resync`: something was missed that is not known any more; read anew */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One ticket */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_actions: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskAction"];
            };
        };
        responses: {
            /** @description Plans, applies or undoes an action */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asked"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_assets: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddAsset"];
            };
        };
        responses: {
            /** @description Adds a thing without an agent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tickets_ticket_assets_asset: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
                asset: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Takes a thing without an agent off it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_assign: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Assign"];
            };
        };
        responses: {
            /** @description Gives it to somebody */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_attachments: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Files of a ticket */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttachmentList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_attachments: {
        parameters: {
            query: {
                /** @description What it is called. */
                name: string;
                /** @description Who gives it to the other side, "technician" or "requester"; if it is not given, it stays between technicians. */
                side?: components["schemas"]["Side"] | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Puts a file onto a ticket: the body is the file, 8 MiB at most */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttachmentView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_attachments_attachment: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
                attachment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A file, to be kept and never to be opened in place */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_case_file: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The case file of a ticket: an archive (ZIP) that is read without the collector */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_checks: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskChecks"];
            };
        };
        responses: {
            /** @description Runs checks on devices */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asked"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_claim: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Claim"];
            };
        };
        responses: {
            /** @description Takes it oneself */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_codes: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpokenCode"];
            };
        };
        responses: {
            /** @description Notes what a device without a network has said, and adds the device */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_consents: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the user was asked to agree to, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_consents: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskConsent"];
            };
        };
        responses: {
            /** @description Asks the user whether something may be done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_consents_consent: {
        parameters: {
            query?: {
                /** @description Answer when it is no longer only asked, or after so many seconds, 300 at most. */
                wait_seconds?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
                consent: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One question and what became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tickets_ticket_consents_consent: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
                consent: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Withdraws a question, or what was allowed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_devices: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddDevice"];
            };
        };
        responses: {
            /** @description Adds a device */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tickets_ticket_devices_device: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Takes a device off it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_incident: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JoinIncident"];
            };
        };
        responses: {
            /** @description Makes it part of an incident */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_jobs: {
        parameters: {
            query?: {
                /** @description Id of a job: only what was ordered before it. */
                before?: string | null;
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Jobs of a ticket, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_links: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLink"];
            };
        };
        responses: {
            /** @description Says how it belongs to another ticket */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tickets_ticket_links_relation_other: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
                relation: string;
                other: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does not belong to the other ticket any more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_live: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description The id of the last event that was heard: what came since is said first; where that is not known any more, an event `resync` says so */
                "Last-Event-ID"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, each with data in JSON and the last one of a change with an id. First how it stands, or `listening`. `ticket`: number, version. `looking`: names. `enrolled`: device, hostname. `job`: job, state, n_events, ended. `snapshot`: snapshot, ticket, partial. `device`: device, connected. Of live metrics `sample`: at, missed, values (metric, labels, unit, value); `missed`: samples; `away`. `resync`: something was missed that is not known any more; read anew */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_live_metrics: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskLive"];
            };
        };
        responses: {
            /** @description Has a device show what moves each second, to who watches the job, for half an hour at most */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asked"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_macros: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunMacro"];
            };
        };
        responses: {
            /** @description Runs a macro on it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_merge: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Merge"];
            };
        };
        responses: {
            /** @description Closes it as part of another ticket, which is given */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_messages: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description Answers the requester, or records what they said */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_notes: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNote"];
            };
        };
        responses: {
            /** @description Adds a note */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_pages: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Addresses of the requester's page that are good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_pages: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPage"];
            };
        };
        responses: {
            /** @description Makes an address of the requester's page */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageAddress"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tickets_ticket_pages_page: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revokes an address of the requester's page */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_priority: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPriority"];
            };
        };
        responses: {
            /** @description Sets its priority */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_probes: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskProbe"];
            };
        };
        responses: {
            /** @description Has a device look for an asset: ping, and its port if it has one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asked"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_remote_tools: {
        parameters: {
            query: {
                /** @description Id of a device of the ticket. */
                device: string;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tools that a device of it can be opened in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferedTools"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_remote_tools: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenRemote"];
            };
        };
        responses: {
            /** @description Gives the address that opens a device of it in a tool, and says so on its timeline and its requester's page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoteAddress"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_requester: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRequester"];
            };
        };
        responses: {
            /** @description Says who asks for it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_snapshots: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Snapshots of a ticket, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_snapshots: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Freeze"];
            };
        };
        responses: {
            /** @description Freezes what is known of a device now, and a window of its flight recorder */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Frozen"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_snapshots_snapshot: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
                snapshot: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One snapshot with its content */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeSnapshot"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_split: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SplitOff"];
            };
        };
        responses: {
            /** @description Opens another ticket for a part of it, which is given */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_state: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewState"];
            };
        };
        responses: {
            /** @description Moves it on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_tables: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskTable"];
            };
        };
        responses: {
            /** @description Reads a table from a device */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asked"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_tags: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTag"];
            };
        };
        responses: {
            /** @description Adds a tag */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tickets_ticket_tags_tag: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
                tag: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Takes a tag off */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_technicians: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whom it can be given to */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TechnicianList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_tier: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTier"];
            };
        };
        responses: {
            /** @description Hands it on to another tier, or sends it back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickets_ticket_timeline: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What happened to a ticket, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tickets_ticket_watchers: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description 1 to 255 visible characters: the same call under the same key is done once, and answered again for a day with Idempotent-Replayed */
                "Idempotency-Key"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWatcher"];
            };
        };
        responses: {
            /** @description Has somebody watch it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tickets_ticket_watchers_account: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
                /** @description The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records what a device did is no change, nor what the caller has asked a device for */
                "If-Match"?: string;
            };
            path: {
                ticket: string;
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nobody watches it under this name any more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_views: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One's own views and those that are shared, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_views_view: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                view: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A view: one's own of that name, else one that is shared */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_views_view: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                view: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewView"];
            };
        };
        responses: {
            /** @description Keeps a view of one's own; with the role senior one that is shared, in the place of one's own */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_views_view: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                view: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a view: one's own of that name, else one that is shared, which takes the role senior */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_webhook_sources: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Systems whose messages open tickets, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_webhook_sources: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Declared"];
            };
        };
        responses: {
            /** @description Declares a system whose messages open tickets, and shows its secret this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceWithSecret"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_webhook_sources_source: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                source: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Takes no more messages of a system; its tickets stay */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_webhooks: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Webhooks by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_webhooks: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEndpoint"];
            };
        };
        responses: {
            /** @description Declares a webhook, and shows its secret this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithSecret"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_webhooks_webhook: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_webhooks_webhook: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointChange"];
            };
        };
        responses: {
            /** @description Changes a webhook; one that is enabled again is tried at once */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookView"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_webhooks_webhook: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a webhook with all that waits for it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_webhooks_webhook_deliveries: {
        parameters: {
            query?: {
                /** @description Only those in this state. */
                state?: string | null;
                /** @description `next` of the page before. */
                before?: string | null;
                /** @description 100 if it is not given, 1,000 at most. */
                limit?: number | null;
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a webhook was told or is to be told, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_webhooks_webhook_replay: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Replay"];
            };
        };
        responses: {
            /** @description Tries dead deliveries again, before those that wait */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replayed"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_webhooks_webhook_secret: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gives a webhook another secret; for a day messages are signed with the one before too */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithSecret"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_webhooks_webhook_test: {
        parameters: {
            query?: {
                /** @description Language of texts, en or fr; else that of Accept-Language */
                lang?: string;
            };
            header?: {
                /** @description Language of texts where the query names none */
                "Accept-Language"?: string;
            };
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sends a message of the type sonde.test, behind those that wait */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tested"];
                };
            };
            /** @description What is wrong, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
