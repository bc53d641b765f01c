package io.vnfkit.hugetlb;

import io.vnfkit.VnfkitException;
import io.vnfkit.unit.PageSize;
import java.util.List;

/** A huge page size that the host does not have. */
public final class UnsupportedPageSizeException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final transient PageSize pageSize;
    private final transient List<PageSize> supported;

    /**
     * Creates the exception.
     *
     * @param pageSize the size that was asked for
     * @param supported sizes that the host has
     */
    public UnsupportedPageSizeException(PageSize pageSize, List<PageSize> supported) {
        super("the host has no huge pages of " + pageSize + "; /sys/kernel/mm/hugepages lists " + supported);
        this.pageSize = pageSize;
        this.supported = List.copyOf(supported);
    }

    /**
     * The size that was asked for.
     *
     * @return the page size
     */
    public PageSize pageSize() {
        return pageSize;
    }

    /**
     * Sizes that the host has.
     *
     * @return an unmodifiable list, ascending
     */
    public List<PageSize> supported() {
        return supported;
    }
}
