"""Closed list of error codes. Generated from domain/errors.ts by ops/generate/error-codes.ts: do not edit."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

EXIT_BAD_INPUT: Final = 2
EXIT_TOOL_FAILED: Final = 3
EXIT_RESOURCES: Final = 4
EXIT_INTERNAL: Final = 1


class ErrorCode(StrEnum):
    """What went wrong, for programs; the message is for the operator."""

    SPEC_INVALID = "SPEC_INVALID"
    CONFIG_INVALID = "CONFIG_INVALID"
    REQUEST_INVALID = "REQUEST_INVALID"
    PATH_OUTSIDE_ROOTS = "PATH_OUTSIDE_ROOTS"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    WORKFLOW_CLOSED = "WORKFLOW_CLOSED"
    FILE_MISSING = "FILE_MISSING"
    FILE_UNREADABLE = "FILE_UNREADABLE"
    FILE_EMPTY = "FILE_EMPTY"
    FILE_TRUNCATED = "FILE_TRUNCATED"
    FILE_NOT_HDF5 = "FILE_NOT_HDF5"
    FILE_FOREIGN = "FILE_FOREIGN"
    HEADER_FIELD_MISSING = "HEADER_FIELD_MISSING"
    HEADER_FIELD_INVALID = "HEADER_FIELD_INVALID"
    SHAPE_MISMATCH = "SHAPE_MISMATCH"
    DATA_NOT_FINITE = "DATA_NOT_FINITE"
    TABLE_INVALID = "TABLE_INVALID"
    DATA_ALL_FLAGGED = "DATA_ALL_FLAGGED"
    GROUP_INCOMPLETE = "GROUP_INCOMPLETE"
    GROUP_DECLINATIONS_DIFFER = "GROUP_DECLINATIONS_DIFFER"
    GROUP_SUBBAND_DOUBLED = "GROUP_SUBBAND_DOUBLED"
    GROUP_TIMES_DIFFER = "GROUP_TIMES_DIFFER"
    GROUP_CHANNELS_INVALID = "GROUP_CHANNELS_INVALID"
    GROUP_ANTENNAS_DIFFER = "GROUP_ANTENNAS_DIFFER"
    GROUP_NOT_FOUND = "GROUP_NOT_FOUND"
    MS_INVALID = "MS_INVALID"
    INPUT_CHANGED = "INPUT_CHANGED"
    CALIBRATOR_UNKNOWN = "CALIBRATOR_UNKNOWN"
    CALIBRATOR_BELOW_HORIZON = "CALIBRATOR_BELOW_HORIZON"
    CALIBRATOR_OUTSIDE_BEAM = "CALIBRATOR_OUTSIDE_BEAM"
    CALIBRATOR_OUTSIDE_TIME = "CALIBRATOR_OUTSIDE_TIME"
    CALIBRATOR_NO_DATA = "CALIBRATOR_NO_DATA"
    CALIBRATOR_UNSUITABLE = "CALIBRATOR_UNSUITABLE"
    TRANSIT_NOT_COMPLETE = "TRANSIT_NOT_COMPLETE"
    TOO_FEW_TILES = "TOO_FEW_TILES"
    WINDOW_EMPTY = "WINDOW_EMPTY"
    CALTABLE_MISSING = "CALTABLE_MISSING"
    CALTABLE_MISMATCH = "CALTABLE_MISMATCH"
    CALIBRATION_BAD = "CALIBRATION_BAD"
    APPLY_NO_CHANGE = "APPLY_NO_CHANGE"
    IMAGE_NO_WCS = "IMAGE_NO_WCS"
    IMAGE_INVALID = "IMAGE_INVALID"
    IMAGE_DIVERGED = "IMAGE_DIVERGED"
    TILES_INCONSISTENT = "TILES_INCONSISTENT"
    POSITION_OUTSIDE = "POSITION_OUTSIDE"
    BEAM_UNKNOWN = "BEAM_UNKNOWN"
    CATALOG_MISSING = "CATALOG_MISSING"
    CATALOG_INVALID = "CATALOG_INVALID"
    QA_FAILED = "QA_FAILED"
    DISK_FULL = "DISK_FULL"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    TOOL_MISSING = "TOOL_MISSING"
    TOOL_FAILED = "TOOL_FAILED"
    TOOL_TIMED_OUT = "TOOL_TIMED_OUT"
    OUTPUT_CORRUPT = "OUTPUT_CORRUPT"
    FENCED_OUT = "FENCED_OUT"
    CANCELLED = "CANCELLED"
    SCHEMA_VERSION = "SCHEMA_VERSION"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
    INTERNAL = "INTERNAL"


EXIT_STATUS: Final[Mapping[ErrorCode, int]] = {
    ErrorCode.SPEC_INVALID: 2,
    ErrorCode.CONFIG_INVALID: 2,
    ErrorCode.REQUEST_INVALID: 2,
    ErrorCode.PATH_OUTSIDE_ROOTS: 2,
    ErrorCode.NOT_FOUND: 2,
    ErrorCode.CONFLICT: 2,
    ErrorCode.IDEMPOTENCY_MISMATCH: 2,
    ErrorCode.WORKFLOW_CLOSED: 2,
    ErrorCode.FILE_MISSING: 2,
    ErrorCode.FILE_UNREADABLE: 2,
    ErrorCode.FILE_EMPTY: 2,
    ErrorCode.FILE_TRUNCATED: 2,
    ErrorCode.FILE_NOT_HDF5: 2,
    ErrorCode.FILE_FOREIGN: 2,
    ErrorCode.HEADER_FIELD_MISSING: 2,
    ErrorCode.HEADER_FIELD_INVALID: 2,
    ErrorCode.SHAPE_MISMATCH: 2,
    ErrorCode.DATA_NOT_FINITE: 2,
    ErrorCode.TABLE_INVALID: 2,
    ErrorCode.DATA_ALL_FLAGGED: 2,
    ErrorCode.GROUP_INCOMPLETE: 2,
    ErrorCode.GROUP_DECLINATIONS_DIFFER: 2,
    ErrorCode.GROUP_SUBBAND_DOUBLED: 2,
    ErrorCode.GROUP_TIMES_DIFFER: 2,
    ErrorCode.GROUP_CHANNELS_INVALID: 2,
    ErrorCode.GROUP_ANTENNAS_DIFFER: 2,
    ErrorCode.GROUP_NOT_FOUND: 2,
    ErrorCode.MS_INVALID: 2,
    ErrorCode.INPUT_CHANGED: 2,
    ErrorCode.CALIBRATOR_UNKNOWN: 2,
    ErrorCode.CALIBRATOR_BELOW_HORIZON: 2,
    ErrorCode.CALIBRATOR_OUTSIDE_BEAM: 2,
    ErrorCode.CALIBRATOR_OUTSIDE_TIME: 2,
    ErrorCode.CALIBRATOR_NO_DATA: 2,
    ErrorCode.CALIBRATOR_UNSUITABLE: 2,
    ErrorCode.TRANSIT_NOT_COMPLETE: 2,
    ErrorCode.TOO_FEW_TILES: 2,
    ErrorCode.WINDOW_EMPTY: 2,
    ErrorCode.CALTABLE_MISSING: 2,
    ErrorCode.CALTABLE_MISMATCH: 2,
    ErrorCode.CALIBRATION_BAD: 3,
    ErrorCode.APPLY_NO_CHANGE: 3,
    ErrorCode.IMAGE_NO_WCS: 2,
    ErrorCode.IMAGE_INVALID: 2,
    ErrorCode.IMAGE_DIVERGED: 3,
    ErrorCode.TILES_INCONSISTENT: 2,
    ErrorCode.POSITION_OUTSIDE: 2,
    ErrorCode.BEAM_UNKNOWN: 2,
    ErrorCode.CATALOG_MISSING: 2,
    ErrorCode.CATALOG_INVALID: 2,
    ErrorCode.QA_FAILED: 3,
    ErrorCode.DISK_FULL: 4,
    ErrorCode.OUT_OF_MEMORY: 4,
    ErrorCode.TOOL_MISSING: 2,
    ErrorCode.TOOL_FAILED: 3,
    ErrorCode.TOOL_TIMED_OUT: 3,
    ErrorCode.OUTPUT_CORRUPT: 3,
    ErrorCode.FENCED_OUT: 1,
    ErrorCode.CANCELLED: 1,
    ErrorCode.SCHEMA_VERSION: 1,
    ErrorCode.SERVICE_UNAVAILABLE: 1,
    ErrorCode.INTERNAL: 1,
}

RETRYABLE: Final[frozenset[ErrorCode]] = frozenset(
    {
        ErrorCode.OUT_OF_MEMORY,
        ErrorCode.TOOL_FAILED,
        ErrorCode.TOOL_TIMED_OUT,
        ErrorCode.OUTPUT_CORRUPT,
        ErrorCode.SERVICE_UNAVAILABLE,
        ErrorCode.INTERNAL,
    }
)

ADVICE: Final[Mapping[ErrorCode, str]] = {
    ErrorCode.SPEC_INVALID: "Correct the named field of the stage specification.",
    ErrorCode.CONFIG_INVALID: "Correct the named settings; `meridian config` shows where each value comes from.",
    ErrorCode.REQUEST_INVALID: "Correct the named field of the request.",
    ErrorCode.PATH_OUTSIDE_ROOTS: "Use a path below a registered data root, or register its folder first.",
    ErrorCode.NOT_FOUND: "Check the id; the matching list command shows what there is.",
    ErrorCode.CONFLICT: "Look at the present state of the named object; it does not allow this change.",
    ErrorCode.IDEMPOTENCY_MISMATCH: "Use a new request id: this one was used with other parameters.",
    ErrorCode.WORKFLOW_CLOSED: "The workflow has ended; ask for the work again if it is still wanted.",
    ErrorCode.FILE_MISSING: "Check the path, or copy the file to where it is expected.",
    ErrorCode.FILE_UNREADABLE: "Give the account that runs Meridian the right to read the file.",
    ErrorCode.FILE_EMPTY: "Copy the file again from its source, or remove it.",
    ErrorCode.FILE_TRUNCATED: "Copy the file again from its source; its size is smaller than its contents need.",
    ErrorCode.FILE_NOT_HDF5: "Give a UVH5 file; this one is no HDF5 file.",
    ErrorCode.FILE_FOREIGN: "Give a UVH5 file with Header and Data groups; this HDF5 file has another layout.",
    ErrorCode.HEADER_FIELD_MISSING: "Write the named header field again at the source; it is required.",
    ErrorCode.HEADER_FIELD_INVALID: "Correct the named header field at the source.",
    ErrorCode.SHAPE_MISMATCH: "Write the file again: the named arrays do not fit each other.",
    ErrorCode.DATA_NOT_FINITE: "Flag or rewrite the named values; they are NaN or infinite and not flagged.",
    ErrorCode.TABLE_INVALID: "Correct the named line and column of the table.",
    ErrorCode.DATA_ALL_FLAGGED: "Look at the flag summary: nothing is left to work on.",
    ErrorCode.GROUP_INCOMPLETE: "Wait for or copy the missing subbands, or allow an incomplete group.",
    ErrorCode.GROUP_DECLINATIONS_DIFFER: "Remove the subband files of another pointing from the group.",
    ErrorCode.GROUP_SUBBAND_DOUBLED: "Keep one file of each subband and remove the others.",
    ErrorCode.GROUP_TIMES_DIFFER: "Remove the subband files of another time from the group.",
    ErrorCode.GROUP_CHANNELS_INVALID: "Remove subband files whose channels overlap or differ in width.",
    ErrorCode.GROUP_ANTENNAS_DIFFER: "Remove subband files with other antennas or baselines from the group.",
    ErrorCode.GROUP_NOT_FOUND: "Check the group id and the data root; `meridian convert groups` lists the groups.",
    ErrorCode.MS_INVALID: "Convert the group again; the measurement set lacks the named table, column or value.",
    ErrorCode.INPUT_CHANGED: "Restore the file or make it again: its hash is not the registered one.",
    ErrorCode.CALIBRATOR_UNKNOWN: "Use a name of the VLA calibrator list; the message names the nearest ones.",
    ErrorCode.CALIBRATOR_BELOW_HORIZON: "Choose a calibrator that rises at the site.",
    ErrorCode.CALIBRATOR_OUTSIDE_BEAM: "Choose a calibrator near the declination of the data.",
    ErrorCode.CALIBRATOR_OUTSIDE_TIME: "Choose the measurement set that holds the transit of the calibrator.",
    ErrorCode.CALIBRATOR_NO_DATA: "Register the folder with data at a transit, or name another time.",
    ErrorCode.CALIBRATOR_UNSUITABLE: "Choose one with code P or S at 20 cm in C array and a flux, or force it.",
    ErrorCode.TRANSIT_NOT_COMPLETE: "Wait until the window of the transit has closed and its group is complete.",
    ErrorCode.TOO_FEW_TILES: "Widen the window or supply the missing groups; a mosaic needs three tiles.",
    ErrorCode.WINDOW_EMPTY: "Choose a time window that holds groups; the list of groups shows the times.",
    ErrorCode.CALTABLE_MISSING: "Solve a calibrator of the same declination within its validity first.",
    ErrorCode.CALTABLE_MISMATCH: "Use a table solved for the same antennas, channels and declination.",
    ErrorCode.CALIBRATION_BAD: "Look at the QA of the solution; solve another transit or refant.",
    ErrorCode.APPLY_NO_CHANGE: "Check that the tables belong to this data; applying them did nothing.",
    ErrorCode.IMAGE_NO_WCS: "Give a FITS image with a celestial coordinate system.",
    ErrorCode.IMAGE_INVALID: "Give a FITS image with finite pixels and the named header keyword.",
    ErrorCode.IMAGE_DIVERGED: "Clean with smaller mgain or higher threshold; the residuals grew.",
    ErrorCode.TILES_INCONSISTENT: "Combine tiles with one frequency, beam, calibration and grid spacing.",
    ErrorCode.POSITION_OUTSIDE: "Give a position inside the image and its primary beam.",
    ErrorCode.BEAM_UNKNOWN: "Give the dish diameter, or ask for an image without primary-beam correction.",
    ErrorCode.CATALOG_MISSING: "Import the named catalogue, or choose one that is there.",
    ErrorCode.CATALOG_INVALID: "Name the column or the unit with --columns or --units, or give another file.",
    ErrorCode.QA_FAILED: "Look at the QA report; the product failed the named check.",
    ErrorCode.DISK_FULL: "Free space in the named folder, then ask again.",
    ErrorCode.OUT_OF_MEMORY: "Give the worker more memory, or make a smaller image.",
    ErrorCode.TOOL_MISSING: "Install the named tool; `meridian doctor` says how.",
    ErrorCode.TOOL_FAILED: "Look at the log of the job for the message of the tool.",
    ErrorCode.TOOL_TIMED_OUT: "Look at the load of the machine, or raise the limit of this stage.",
    ErrorCode.OUTPUT_CORRUPT: "The output did not verify and was not used; check the disk.",
    ErrorCode.FENCED_OUT: "Nothing to do: a newer attempt has taken over this work.",
    ErrorCode.CANCELLED: "Nothing to do: the work was cancelled on request.",
    ErrorCode.SCHEMA_VERSION: "Run `meridian up` of the same release on every machine.",
    ErrorCode.SERVICE_UNAVAILABLE: "Look at `meridian status`; the named service does not answer.",
    ErrorCode.INTERNAL: "Report it with the log of the job; this should not happen.",
}
