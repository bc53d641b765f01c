package io.vnfkit.cgroup;

import io.vnfkit.launch.step.HostStep.AttachDeviceProgram;
import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;

/** The devices of a plan: lists in version 1, a program in version 2. */
final class DevicePart {

    private static final String WHERE = "cgroup.devices";

    private final PlanDraft draft;

    DevicePart(PlanDraft draft) {
        this.draft = draft;
    }

    void contribute() {
        DevicePolicy policy = draft.description().devices();
        if (policy.isUnrestricted()) {
            return;
        }
        draft.groupFor("devices", WHERE).ifPresent(group -> {
            if (group.isVersion1()) {
                version1(group, policy);
            } else {
                group.step(new AttachDeviceProgram(group.directory(), policy));
            }
        });
    }

    private void version1(GroupDraft group, DevicePolicy policy) {
        checkParent(group, policy);
        Path allow = group.directory().resolve("devices.allow");
        Path deny = group.directory().resolve("devices.deny");
        if (!policy.allowsByDefault()) {
            // A new group starts with what its parent may do.
            group.write(deny, "a");
        }
        for (DeviceRule rule : policy.exceptions()) {
            group.write(policy.allowsByDefault() ? deny : allow, rule.toString());
        }
    }

    /** A group cannot allow what its parent denies: the kernel answers EPERM. */
    private void checkParent(GroupDraft group, DevicePolicy policy) {
        Path list = group.nearest().resolve("devices.list");
        DevicePolicy parent = draft.files().readIfExists(list.toString())
                .map(DeviceLists::parse).orElse(DevicePolicy.allowAll());
        if (policy.allowsByDefault() && !parent.allowsByDefault()) {
            draft.problem(WHERE,
                    "all devices but some shall be allowed, but the parent group allows a list only (" + list + ")",
                    "name the devices that are allowed instead of those that are denied");
            return;
        }
        for (DeviceRule rule : policy.exceptions()) {
            if (!policy.allowsByDefault() && !parent.permits(rule)) {
                draft.problem(WHERE, "\"" + rule + "\" is not allowed in the parent group (" + list + ")",
                        "allow it there, or deny it in the description: DeviceRule.parse(\"" + rule + "\")");
            }
        }
    }
}
