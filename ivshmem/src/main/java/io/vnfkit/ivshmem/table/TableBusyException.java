package io.vnfkit.ivshmem.table;

import io.vnfkit.VnfkitException;

/**
 * An entry was changed each time that it was read, so nothing certain can be said about it. Not what a writer that died
 * leaves behind: this takes two whole changes of one entry during each try.
 */
public final class TableBusyException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    TableBusyException(int slot, int tries) {
        super("slot " + slot + " of the table was changed twice during each of " + tries + " tries to read it: its writer"
                + " changes it without a pause, or is not a table's writer; read it again later");
    }
}
