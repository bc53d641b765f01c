package io.vnfkit.cgroup;

/** The raw files of a plan. */
final class RawPart {

    private final PlanDraft draft;

    RawPart(PlanDraft draft) {
        this.draft = draft;
    }

    void contribute() {
        for (RawCgroupFile raw : draft.description().rawFiles()) {
            draft.groupFor(raw.controller(), "cgroup.rawFile[" + raw.file() + "]")
                    .ifPresent(group -> group.write(group.directory().resolve(raw.file()), raw.value()));
        }
    }
}
