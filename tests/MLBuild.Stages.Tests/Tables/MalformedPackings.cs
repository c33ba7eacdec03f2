using System.Text;
using static MLBuild.Stages.Tests.Tables.MalformedBytes;
using static MLBuild.Stages.Tests.Tables.Packed;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Files in gzip and zip, and Parquet files: cut off, corrupt, something else.</summary>
internal static class MalformedPackings
{
    public static IReadOnlyList<MalformedInput> All { get; } =
    [
        // Gzip.
        new("gzip: nothing", "a.csv.gz", () => [],
            "error: 'a.csv.gz' is empty: expected gzip."),
        new("gzip: not gzip", "a.csv.gz", () => Bytes(Csv),
            "error: 'a.csv.gz' is not gzip, as its name says. Pack it again, or rename it."),
        new("gzip: zip", "a.csv.gz", () => Packed.Zip("a.csv", Csv),
            "error: 'a.csv.gz' is not gzip, as its name says. Pack it again, or rename it."),
        new("gzip: an empty text", "a.csv.gz", () => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            "error: 'a.csv.gz' is empty: expected a header line with zone, fare, riders."),
        new("gzip: only a mark", "a.csv.gz", () => Packed.Gzip("\uFEFF"),
            "error: 'a.csv.gz' has only empty lines: expected a header line with zone, fare, riders."),
        new("gzip: packed twice", "a.csv.gz", () => Packed.Gzip(Packed.Gzip(Csv)),
            "error: 'a.csv.gz' is packed with gzip: expected CSV in UTF-8. Name it by what it is, '.gz'."),
        new("gzip: Parquet in it", "a.csv.gz", () => Packed.Gzip(ParquetFile()),
            "error: 'a.csv.gz' is Parquet: expected CSV in UTF-8. Name it by what it is, '.parquet'."),
        new("gzip: UTF-16 in it", "a.csv.gz", () => Packed.Gzip(Encoding.Unicode.GetBytes(Csv)),
            "error: 'a.csv.gz' is UTF-16 text: expected UTF-8. Convert it: iconv -f UTF-16 -t UTF-8."),
        new("gzip: one byte", "a.csv.gz", () => [0x1F],
            "error: 'a.csv.gz' is not gzip, as its name says. Pack it again, or rename it."),
        new("gzip: cut in the header", "a.csv.gz", () => Packed.Gzip(Csv)[..6],
            "error: 'a.csv.gz' could be unpacked up to byte 0 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: cut behind the header", "a.csv.gz", () => Packed.Gzip(Csv)[..10],
            "error: 'a.csv.gz' could be unpacked up to byte 0 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: cut in the middle", "a.csv.gz", () => Packed.Gzip(Csv)[..30],
            "error: 'a.csv.gz' could be unpacked up to byte 19 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: cut before the check sum", "a.csv.gz", () => Packed.Gzip(Csv)[..^8],
            "error: 'a.csv.gz' could be unpacked up to byte 54 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: cut in the check sum", "a.csv.gz", () => Packed.Gzip(Csv)[..^5],
            "error: 'a.csv.gz' could be unpacked up to byte 54 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: cut in the length", "a.csv.gz", () => Packed.Gzip(Csv)[..^1],
            "error: 'a.csv.gz' could be unpacked up to byte 54 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: long and cut", "a.csv.gz", () => Packed.Gzip([.. Long])[..1_000],
            "error: 'a.csv.gz' could be unpacked up to byte 3,236 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: wrong check sum", "a.csv.gz", () => Flipped(Packed.Gzip(Csv), ^8),
            "error: 'a.csv.gz' could be unpacked up to byte 54 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: wrong length", "a.csv.gz", () => Flipped(Packed.Gzip(Csv), ^1),
            "error: 'a.csv.gz' could be unpacked up to byte 54 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: a bit flipped", "a.csv.gz", () => Flipped(Packed.Gzip(Csv), ^20),
            "error: 'a.csv.gz' could be unpacked up to byte 54 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: unknown method", "a.csv.gz", () => Flipped(Packed.Gzip(Csv), 2),
            "error: 'a.csv.gz' could be unpacked up to byte 0 of its text: what follows is gzip of an unknown " +
            "kind. Fetch or pack it again."),
        new("gzip: reserved flags", "a.csv.gz", () => Flipped(Packed.Gzip(Csv), 3, 0x80),
            "error: 'a.csv.gz' could be unpacked up to byte 0 of its text: what follows is gzip of an unknown " +
            "kind. Fetch or pack it again."),
        new("gzip: a name without end", "a.csv.gz", () => Flipped(Packed.Gzip(Csv), 3, 0x08)[..20],
            "error: 'a.csv.gz' could be unpacked up to byte 0 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: garbage behind", "a.csv.gz", () => [.. Packed.Gzip(Csv), 1, 2, 3],
            "error: 'a.csv.gz' could be unpacked up to byte 54 of its text: what follows is not gzip. Fetch or " +
            "pack it again."),
        new("gzip: zeros behind", "a.csv.gz", () => [.. Packed.Gzip(Csv), .. new byte[100]],
            "error: 'a.csv.gz' could be unpacked up to byte 54 of its text: what follows is not gzip. Fetch or " +
            "pack it again."),
        new("gzip: a line behind", "a.csv.gz", () => [.. Packed.Gzip(Csv), .. Bytes("Bronx,1,\n")],
            "error: 'a.csv.gz' could be unpacked up to byte 54 of its text: what follows is not gzip. Fetch or " +
            "pack it again."),
        new("gzip: a second member cut", "a.csv.gz", () => [.. Packed.Gzip(Csv), .. Packed.Gzip("Bronx,1,\n")[..^3]],
            "error: 'a.csv.gz' could be unpacked up to byte 63 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: a second header cut", "a.csv.gz", () => [.. Packed.Gzip(Csv), 0x1F, 0x8B, 8],
            "error: 'a.csv.gz' could be unpacked up to byte 54 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: an empty second member", "a.csv.gz", () => [.. Packed.Gzip(Csv), .. Packed.Gzip("")],
            "3 rows for 49.5, 0 faults"),
        new("gzip: the header in each member", "a.csv.gz", () => [.. Packed.Gzip(Csv), .. Packed.Gzip(Csv)],
            "6 rows for 99, 1 faults: a.csv.gz line 5: the line is the header again, as where files were " +
            "joined. The line is 'zone,fare,riders'."),
        new("gzip: a bomb of one line", "a.csv.gz", () => Packed.Gzip(Header + new string('x', 30_000_000)),
            "error: 'a.csv.gz' line 2 is longer than 1048576 bytes. Does the file have line ends?"),
        new("gzip: a bomb of zeros", "a.csv.gz", () => Packed.Gzip(new byte[30_000_000]),
            "error: 'a.csv.gz' is not text: byte 1 is zero. Expected CSV in UTF-8."),
        new("gzip: a bomb of empty lines", "a.csv.gz", () => Packed.Gzip(Csv + new string('\n', 30_000_000)),
            "3 rows for 49.5, 0 faults"),
        new("gzip: JSON lines cut", "a.jsonl.gz", () => Packed.Gzip(Json)[..^9],
            "error: 'a.jsonl.gz' could be unpacked up to byte 108 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        new("gzip: tab-separated cut", "a.tsv.gz", () => Packed.Gzip(Tsv)[..^2],
            "error: 'a.tsv.gz' could be unpacked up to byte 54 of its text: it is cut off or corrupt there. " +
            "Fetch or pack it again."),
        // Zip.
        new("zip: nothing", "a.zip", () => [],
            "error: 'a.zip' is no zip file, or it is cut off or corrupt: Central Directory corrupt. Fetch or " +
            "pack it again."),
        new("zip: not zip", "a.zip", () => Bytes(Csv),
            "error: 'a.zip' is no zip file, or it is cut off or corrupt: End of Central Directory record could " +
            "not be found. Fetch or pack it again."),
        new("zip: gzip", "a.zip", () => Packed.Gzip(Csv),
            "error: 'a.zip' is no zip file, or it is cut off or corrupt: End of Central Directory record could " +
            "not be found. Fetch or pack it again."),
        new("zip: no file", "a.zip", () => Packed.Zip(),
            "error: 'a.zip' has no file in it. Expected one."),
        new("zip: only a folder", "a.zip", () => Packed.Zip(("in/", [])),
            "error: 'a.zip' has no file in it. Expected one."),
        new("zip: two files", "a.zip", () => Packed.Zip(("a.csv", Bytes(Csv)), ("b.csv", Bytes(Csv))),
            "error: 'a.zip' has 2 files in it: a.csv, b.csv. Expected one. Unpack it, and name the folder."),
        new("zip: five files", "a.zip",
            () => Packed.Zip([.. Enumerable.Range(0, 5).Select(i => ($"{i}.csv", Bytes(Csv)))]),
            "error: 'a.zip' has 5 files in it: 0.csv, 1.csv, 2.csv, …. Expected one. Unpack it, and name the " +
            "folder."),
        new("zip: an unknown extension in it", "a.zip", () => Packed.Zip("a.txt", Csv),
            "error: 'a.zip' has 'a.txt' in it, whose extension says no format of text. Known are .csv, .tsv, " +
            ".tab, .jsonl, .ndjson."),
        new("zip: Parquet in it", "a.zip", () => Packed.Zip(("a.parquet", ParquetFile())),
            "error: 'a.zip' has 'a.parquet' in it, whose extension says no format of text. Known are .csv, " +
            ".tsv, .tab, .jsonl, .ndjson."),
        new("zip: gzip in it", "a.zip", () => Packed.Zip(("a.csv.gz", Packed.Gzip(Csv))),
            "error: 'a.zip' has 'a.csv.gz' in it, whose extension says no format of text. Known are .csv, " +
            ".tsv, .tab, .jsonl, .ndjson."),
        new("zip: an empty file in it", "a.zip", () => Packed.Zip("a.csv", ""),
            "error: 'a.zip' is empty: expected a header line with zone, fare, riders."),
        new("zip: JSON lines named CSV in it", "a.zip", () => Packed.Zip("a.csv", Json),
            "error: 'a.zip' line 1: the header has a quote inside an unquoted field."),
        new("zip: encrypted", "a.zip", () => Encrypted(Packed.Zip("a.csv", Csv)),
            "error: 'a.zip' is encrypted. Unpack it, or pack it without a password."),
        new("zip: cut in the middle", "a.zip", () => Packed.Zip("a.csv", Csv)[..40],
            "error: 'a.zip' is no zip file, or it is cut off or corrupt: End of Central Directory record could " +
            "not be found. Fetch or pack it again."),
        new("zip: cut in the list", "a.zip", () => Packed.Zip("a.csv", Csv)[..^30],
            "error: 'a.zip' is no zip file, or it is cut off or corrupt: End of Central Directory record could " +
            "not be found. Fetch or pack it again."),
        new("zip: cut at the end", "a.zip", () => Packed.Zip("a.csv", Csv)[..^1],
            "error: 'a.zip' is no zip file, or it is cut off or corrupt: End of Central Directory record could " +
            "not be found. Fetch or pack it again."),
        new("zip: a byte of the text flipped", "a.zip", () => Flipped(Packed.Zip("a.csv", Csv), 40),
            "error: 'a.zip' could be unpacked up to byte 54 of 'a.csv', and length or check sum are not those " +
            "that the file says: it is corrupt. Fetch or pack it again."),
        new("zip: the check sum flipped", "a.zip",
            () => Flipped(Packed.Zip("a.csv", Csv), Directory(Packed.Zip("a.csv", Csv)) + 16),
            "error: 'a.zip' could be unpacked up to byte 54 of 'a.csv', and length or check sum are not those " +
            "that the file says: it is corrupt. Fetch or pack it again."),
        new("zip: the length flipped", "a.zip",
            () => Flipped(Packed.Zip("a.csv", Csv), Directory(Packed.Zip("a.csv", Csv)) + 24),
            "error: 'a.zip' could be unpacked up to byte 54 of 'a.csv', and length or check sum are not those " +
            "that the file says: it is corrupt. Fetch or pack it again."),
        new("zip: the packed length flipped", "a.zip",
            () => Flipped(Packed.Zip("a.csv", Csv), Directory(Packed.Zip("a.csv", Csv)) + 20),
            "error: 'a.zip' could be unpacked up to byte 53 of 'a.csv', and length or check sum are not those " +
            "that the file says: it is corrupt. Fetch or pack it again."),
        new("zip: the method flipped", "a.zip",
            () => Flipped(Packed.Zip("a.csv", Csv), Directory(Packed.Zip("a.csv", Csv)) + 10, 0x40),
            "error: 'a.zip' is no zip file, or it is cut off or corrupt: The archive entry was compressed " +
            "using an unsupported compression method. Fetch or pack it again."),
        new("zip: the place flipped", "a.zip",
            () => Flipped(Packed.Zip("a.csv", Csv), Directory(Packed.Zip("a.csv", Csv)) + 42),
            "error: 'a.zip' is no zip file, or it is cut off or corrupt: A local file header is corrupt. Fetch " +
            "or pack it again."),
        new("zip: a huge length", "a.zip",
            () => Flipped(Packed.Zip("a.csv", Csv), Directory(Packed.Zip("a.csv", Csv)) + 27, 0x7F),
            "error: 'a.zip' could be unpacked up to byte 54 of 'a.csv', and length or check sum are not those " +
            "that the file says: it is corrupt. Fetch or pack it again."),
        new("zip: text behind", "a.zip", () => [.. Packed.Zip("a.csv", Csv), .. Bytes("more")],
            "3 rows for 49.5, 0 faults"),
        new("zip: a bomb of one line", "a.zip", () => Packed.Zip("a.csv", Header + new string('x', 30_000_000)),
            "error: 'a.zip' line 2 is longer than 1048576 bytes. Does the file have line ends?"),
        new("zip: a bad line in it", "a.zip", () => Packed.Zip("a.csv", Csv + "bad\n"),
            "3 rows for 49.5, 1 faults: a.zip line 5: expected 3 fields, found 1. The line is 'bad'."),
        // Parquet.
        new("parquet: nothing", "a.parquet", () => [],
            "error: 'a.parquet' cannot be read as Parquet: not a Parquet file (size too small). It is " +
            "something else, cut off or corrupt: fetch or write it again."),
        new("parquet: CSV", "a.parquet", () => Bytes(Csv),
            "error: 'a.parquet' cannot be read as Parquet: not a parquet file, head: 7A6F6E65, tail: 302C340A. " +
            "It is something else, cut off or corrupt: fetch or write it again."),
        new("parquet: the magic alone", "a.parquet", () => "PAR1"u8.ToArray(),
            "error: 'a.parquet' cannot be read as Parquet: not a Parquet file (size too small). It is " +
            "something else, cut off or corrupt: fetch or write it again."),
        new("parquet: the magic twice", "a.parquet", () => "PAR1PAR1"u8.ToArray(),
            "error: 'a.parquet' cannot be read as Parquet: not a Parquet file (size too small). It is " +
            "something else, cut off or corrupt: fetch or write it again."),
        new("parquet: an encrypted footer", "a.parquet", () => [.. "PARE"u8, .. new byte[20], .. "PARE"u8],
            "error: 'a.parquet' cannot be read as Parquet: not a parquet file, head: 50415245, tail: 50415245. " +
            "It is something else, cut off or corrupt: fetch or write it again."),
        new("parquet: cut at the end", "a.parquet", () => ParquetFile()[..^1],
            "error: 'a.parquet' cannot be read as Parquet: not a parquet file, head: 50415231, tail: 00504152. " +
            "It is something else, cut off or corrupt: fetch or write it again."),
        new("parquet: cut in the footer", "a.parquet", () => ParquetFile()[..^20],
            "error: 'a.parquet' cannot be read as Parquet: not a parquet file, head: 50415231, tail: 39663836. " +
            "It is something else, cut off or corrupt: fetch or write it again."),
        new("parquet: cut in the middle", "a.parquet", () => ParquetFile()[..100],
            "error: 'a.parquet' cannot be read as Parquet: not a parquet file, head: 50415231, tail: 06150015. " +
            "It is something else, cut off or corrupt: fetch or write it again."),
        new("parquet: the start gone", "a.parquet", () => ParquetFile()[50..],
            "error: 'a.parquet' cannot be read as Parquet: not a parquet file, head: 6E780000, tail: 50415231. " +
            "It is something else, cut off or corrupt: fetch or write it again."),
        new("parquet: a footer longer than the file", "a.parquet", () => Flipped(ParquetFile(), ^6, 0x7F),
            "error: 'a.parquet' cannot be read as Parquet: its parts are not where it says. It is something " +
            "else, cut off or corrupt: fetch or write it again."),
        new("parquet: a footer of no length", "a.parquet", () => [.. ParquetFile()[..^8], 0, 0, 0, 0, .. "PAR1"u8],
            "error: 'a.parquet' cannot be read as Parquet: Invalid data in Thrift header. File is most likely " +
            "corrupt (unexpected data type 15). It is something else, cut off or corrupt: fetch or write it " +
            "again."),
        new("parquet: a negative footer", "a.parquet",
            () => [.. ParquetFile()[..^8], 0xFF, 0xFF, 0xFF, 0xFF, .. "PAR1"u8],
            "error: 'a.parquet' cannot be read as Parquet: Arithmetic operation resulted in an overflow. It is " +
            "something else, cut off or corrupt: fetch or write it again."),
        new("parquet: a zeroed page", "a.parquet", () => Zeroed(ParquetFile(), 4, 30),
            "error: 'a.parquet' cannot be read as Parquet: Incomplete Snappy block. It is something else, cut " +
            "off or corrupt: fetch or write it again."),
        new("parquet: a zeroed footer", "a.parquet", () => Zeroed(ParquetFile(), ^60, 40),
            "3 rows for 49.5, 0 faults"),
        new("parquet: gzip", "a.parquet", () => Packed.Gzip(ParquetFile()),
            "error: 'a.parquet' cannot be read as Parquet: not a parquet file, head: 1F8B0800, tail: A1030000. " +
            "It is something else, cut off or corrupt: fetch or write it again."),
        new("parquet: bytes behind", "a.parquet", () => [.. ParquetFile(), 1, 2, 3],
            "error: 'a.parquet' cannot be read as Parquet: not a parquet file, head: 50415231, tail: 31010203. " +
            "It is something else, cut off or corrupt: fetch or write it again."),
        new("parquet: twice", "a.parquet", () => [.. ParquetFile(), .. ParquetFile()],
            "3 rows for 49.5, 0 faults"),
    ];
}
