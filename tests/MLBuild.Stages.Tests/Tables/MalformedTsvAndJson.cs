using System.Text;
using static MLBuild.Stages.Tests.Tables.MalformedBytes;
using static MLBuild.Stages.Tests.Tables.Packed;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Tab-separated values and JSON lines as they come.</summary>
internal static class MalformedTsvAndJson
{
    public static IReadOnlyList<MalformedInput> All { get; } =
    [
        // Tab-separated values.
        new("tsv: fewer fields", "a.tsv", () => Middle(Tsv, "Bronx\t7"),
            "2 rows for 42.5, 1 faults: a.tsv line 3: expected 3 fields, found 2. The line is 'Bronx\\t7'."),
        new("tsv: more fields", "a.tsv", () => Middle(Tsv, "Bronx\t7\t1\t"),
            "2 rows for 42.5, 1 faults: a.tsv line 3: expected 3 fields, found 4. The line is 'Bronx\\t7\\t1\\t'."),
        new("tsv: spaces for tabs", "a.tsv", () => Middle(Tsv, "Bronx   7   1"),
            "2 rows for 42.5, 1 faults: a.tsv line 3: expected 3 fields, found 1. The line is 'Bronx   7   1'."),
        new("tsv: a text in quotes", "a.tsv", () => Middle(Tsv, "\"Bronx\"\t7\t1"),
            "2 rows for 42.5, 1 faults: a.tsv line 3: column 'zone' is '\"Bronx\"', expected text in UTF-8 " +
            "without zeros or byte order mark, neither in quotes nor escaped."),
        new("tsv: a tab in quotes", "a.tsv", () => Middle(Tsv, "\"Bro\tnx\"\t7\t1"),
            "2 rows for 42.5, 1 faults: a.tsv line 3: expected 3 fields, found 4. The line is " +
            "'\"Bro\\tnx\"\\t7\\t1'."),
        new("tsv: a number in quotes", "a.tsv", () => Middle(Tsv, "Bronx\t\"7\"\t1"),
            "2 rows for 42.5, 1 faults: a.tsv line 3: column 'fare' is '\"7\"', expected a finite number."),
        new("tsv: a quote within", "a.tsv", () => Middle(Tsv, "Bro\"nx\t7\t1"),
            "3 rows for 49.5, 0 faults"),
        new("tsv: a quote at the start", "a.tsv", () => Middle(Tsv, "\"Bronx\t7\t1"),
            "3 rows for 49.5, 0 faults"),
        new("tsv: no value as backslash N", "a.tsv", () => Middle(Tsv, "\\N\t7\t1"),
            "2 rows for 42.5, 1 faults: a.tsv line 3: column 'zone' is '\\N', expected text in UTF-8 " +
            "without zeros or byte order mark, neither in quotes nor escaped."),
        new("tsv: a number as backslash N", "a.tsv", () => Middle(Tsv, "Bronx\t7\t\\N"),
            "2 rows for 42.5, 1 faults: a.tsv line 3: column 'riders' is '\\N', expected a whole number of 32 " +
            "bits."),
        new("tsv: a backslash within", "a.tsv", () => Middle(Tsv, "C:\\Bronx\t7\t1"),
            "3 rows for 49.5, 0 faults"),
        new("tsv: a comma", "a.tsv", () => Middle(Tsv, "Bronx, NY\t7\t1"),
            "3 rows for 49.5, 0 faults"),
        new("tsv: an empty text", "a.tsv", () => Middle(Tsv, "\t7\t1"),
            "2 rows for 42.5, 1 faults: a.tsv line 3: column 'zone' is empty, expected text in UTF-8 " +
            "without zeros or byte order mark, neither in quotes nor escaped."),
        new("tsv: a decimal comma", "a.tsv", () => Middle(Tsv, "Bronx\t7,5\t1"),
            "2 rows for 42.5, 1 faults: a.tsv line 3: column 'fare' is '7,5', expected a finite number."),
        new("tsv: the header again", "a.tsv", () => Middle(Tsv, "zone\tfare\triders"),
            "2 rows for 42.5, 1 faults: a.tsv line 3: the line is the header again, as where files were " +
            "joined. The line is 'zone\\tfare\\triders'."),
        new("tsv: a return", "a.tsv", () => Middle(Tsv, "Bronx\t7\t1\r"),
            "3 rows for 49.5, 0 faults"),
        new("tsv: header only", "a.tsv", () => "zone\tfare\triders",
            "0 rows for 0, 0 faults"),
        new("tsv: empty", "a.tsv", () => "",
            "error: 'a.tsv' is empty: expected a header line with zone, fare, riders."),
        new("tsv: UTF-16", "a.tsv", () => Encoding.Unicode.GetBytes(Tsv),
            "error: 'a.tsv' is UTF-16 text: expected UTF-8. Convert it: iconv -f UTF-16 -t UTF-8."),
        new("tsv: a line of 2 MB", "a.tsv", () => Tsv + new string('x', 2_000_000),
            "error: 'a.tsv' line 5 is longer than 1048576 bytes. Does the file have line ends?"),
        new("tsv: HTML", "a.tsv", () => "<html>",
            "error: 'a.tsv' is a web page or XML: expected tab-separated values in UTF-8. Was it fetched " +
            "without signing in?"),
        // JSON lines.
        new("json: cut in a name", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fa"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "20. The line is '{\"zone\":\"Bronx\",\"fa'."),
        new("json: cut behind a colon", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "24. The line is '{\"zone\":\"Bronx\",\"fare\":'."),
        new("json: cut in a number", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "25. The line is '{\"zone\":\"Bronx\",\"fare\":7'."),
        new("json: cut before the end", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7,\"riders\":1"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "36. The line is '{\"zone\":\"Bronx\",\"fare\":7,\"riders\":1'."),
        new("json: cut in a text", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bro"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "13. The line is '{\"zone\":\"Bro'."),
        new("json: cut in an escape", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bro\\u00"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "17. The line is '{\"zone\":\"Bro\\u00'."),
        new("json: nothing but an open bracket", "a.jsonl", () => Middle(Json, "{"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte 2. " +
            "The line is '{'."),
        new("json: an empty object", "a.jsonl", () => Middle(Json, "{}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'zone' is empty, expected text in UTF-8 " +
            "without zeros or byte order mark."),
        new("json: a required property missing", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\"}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is empty, expected a finite number."),
        new("json: null where it must not be", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":null}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is 'null', expected a finite number."),
        new("json: null for a text", "a.jsonl", () => Middle(Json, "{\"zone\":null,\"fare\":7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'zone' is 'null', expected text in UTF-8 " +
            "without zeros or byte order mark."),
        new("json: an empty text", "a.jsonl", () => Middle(Json, "{\"zone\":\"\",\"fare\":7}"),
            "3 rows for 49.5, 0 faults"),
        new("json: a number in quotes", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":\"7\"}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is '\"7\"', expected a finite number."),
        new("json: a text that is a number", "a.jsonl", () => Middle(Json, "{\"zone\":7,\"fare\":7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'zone' is '7', expected text in UTF-8 " +
            "without zeros or byte order mark."),
        new("json: a text that is true", "a.jsonl", () => Middle(Json, "{\"zone\":true,\"fare\":7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'zone' is 'true', expected text in UTF-8 " +
            "without zeros or byte order mark."),
        new("json: an object for a number", "a.jsonl",
            () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":{\"amount\":7}}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is '{\"amount\":7}', expected a finite " +
            "number."),
        new("json: an array for a number", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":[7]}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is '[7]', expected a finite number."),
        new("json: an object for a text", "a.jsonl", () => Middle(Json, "{\"zone\":{\"name\":\"Bronx\"},\"fare\":7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'zone' is '{\"name\":\"Bronx\"}', expected text " +
            "in UTF-8 without zeros or byte order mark."),
        new("json: a property twice", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7,\"fare\":8}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is '8', expected it once in a line."),
        new("json: a property twice, one escaped", "a.jsonl",
            () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7,\"f\\u0061re\":8}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is '8', expected it once in a line."),
        new("json: an escaped name", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"f\\u0061re\":7}"),
            "3 rows for 49.5, 0 faults"),
        new("json: a name in capitals", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"FARE\":7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is empty, expected a finite number."),
        new("json: NaN", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":NaN}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "24. The line is '{\"zone\":\"Bronx\",\"fare\":NaN}'."),
        new("json: NaN in quotes", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":\"NaN\"}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is '\"NaN\"', expected a finite number."),
        new("json: Infinity", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":-Infinity}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "25. The line is '{\"zone\":\"Bronx\",\"fare\":-Infinity}'."),
        new("json: 1e400", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":1e400}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is '1e400', expected a finite number."),
        new("json: 1e-400", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":1e-400}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is '1e-400', expected a finite number."),
        new("json: a huge exponent", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":1e99999999999}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is '1e99999999999', expected a finite " +
            "number."),
        new("json: leading zeros", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":007}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "25. The line is '{\"zone\":\"Bronx\",\"fare\":007}'."),
        new("json: a plus", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":+7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "24. The line is '{\"zone\":\"Bronx\",\"fare\":+7}'."),
        new("json: a point first", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":.5}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "24. The line is '{\"zone\":\"Bronx\",\"fare\":.5}'."),
        new("json: a point last", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7.}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "26. The line is '{\"zone\":\"Bronx\",\"fare\":7.}'."),
        new("json: hexadecimal", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":0x7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "25. The line is '{\"zone\":\"Bronx\",\"fare\":0x7}'."),
        new("json: a decimal comma", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7,5}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "26. The line is '{\"zone\":\"Bronx\",\"fare\":7,5}'."),
        new("json: a whole number with a fraction", "a.jsonl",
            () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7,\"riders\":1.5}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'riders' is '1.5', expected a whole number of " +
            "32 bits."),
        new("json: a whole number with zeros", "a.jsonl",
            () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7,\"riders\":1.0}"),
            "3 rows for 49.5, 0 faults"),
        new("json: a whole number too large", "a.jsonl",
            () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7,\"riders\":2147483648}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'riders' is '2147483648', expected a whole " +
            "number of 32 bits."),
        new("json: a whole number with an exponent", "a.jsonl",
            () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7,\"riders\":1e3}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'riders' is '1e3', expected a whole number of " +
            "32 bits."),
        new("json: minus zero", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":-0,\"riders\":-0}"),
            "3 rows for 42.5, 0 faults"),
        new("json: true for a number", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":true}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is 'true', expected a finite number."),
        new("json: single quotes", "a.jsonl", () => Middle(Json, "{'zone':'Bronx','fare':7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte 2. " +
            "The line is '{'zone':'Bronx','fare':7}'."),
        new("json: names without quotes", "a.jsonl", () => Middle(Json, "{zone:\"Bronx\",fare:7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte 2. " +
            "The line is '{zone:\"Bronx\",fare:7}'."),
        new("json: a trailing comma", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7,}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "26. The line is '{\"zone\":\"Bronx\",\"fare\":7,}'."),
        new("json: a comma behind the object", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7},"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "26. The line is '{\"zone\":\"Bronx\",\"fare\":7},'."),
        new("json: two objects on a line", "a.jsonl",
            () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7}{\"zone\":\"Bronx\",\"fare\":8}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "26. The line is '{\"zone\":\"Bronx\",\"fare\":7}{\"zone\":\"Bronx\",\"fare\":8}'."),
        new("json: a comment", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7} // x"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "27. The line is '{\"zone\":\"Bronx\",\"fare\":7} // x'."),
        new("json: an array", "a.jsonl", () => Middle(Json, "[\"Bronx\",7,1]"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line. The line is " +
            "'[\"Bronx\",7,1]'."),
        new("json: a text", "a.jsonl", () => Middle(Json, "\"Bronx\""),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line. The line is " +
            "'\"Bronx\"'."),
        new("json: a number", "a.jsonl", () => Middle(Json, "7"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line. The line is '7'."),
        new("json: null", "a.jsonl", () => Middle(Json, "null"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line. The line is 'null'."),
        new("json: CSV", "a.jsonl", () => Middle(Json, "Bronx,7,1"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte 1. " +
            "The line is 'Bronx,7,1'."),
        new("json: half a surrogate", "a.jsonl", () => Middle(Json, "{\"zone\":\"\\ud800\",\"fare\":7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected text in UTF-8, found half of a pair of " +
            "escapes or other bytes. The line is '{\"zone\":\"\\ud800\",\"fare\":7}'."),
        new("json: half a surrogate in a name", "a.jsonl",
            () => Middle(Json, "{\"zone\":\"Bronx\",\"\\ud800\":1,\"fare\":7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected text in UTF-8, found half of a pair of " +
            "escapes or other bytes. The line is '{\"zone\":\"Bronx\",\"\\ud800\":1,\"fare\":7}'."),
        new("json: surrogates the wrong way", "a.jsonl", () => Middle(Json, "{\"zone\":\"\\udc00\\ud800\",\"fare\":7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected text in UTF-8, found half of a pair of " +
            "escapes or other bytes. The line is '{\"zone\":\"\\udc00\\ud800\",\"fare\":7}'."),
        new("json: an escaped zero", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bro\\u0000nx\",\"fare\":7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'zone' is '\"Bro\\u0000nx\"', expected text in " +
            "UTF-8 without zeros or byte order mark."),
        new("json: an unknown escape", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bro\\xnx\",\"fare\":7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "14. The line is '{\"zone\":\"Bro\\xnx\",\"fare\":7}'."),
        new("json: a tab in a text", "a.jsonl", () => Middle(Json, "{\"zone\":\"Bro\tnx\",\"fare\":7}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: expected one JSON object a line; it is none at byte " +
            "13. The line is '{\"zone\":\"Bro\\tnx\",\"fare\":7}'."),
        new("json: a time for a number", "a.jsonl",
            () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":\"2019-01-01 00:00:00\"}"),
            "2 rows for 42.5, 1 faults: a.jsonl line 2: column 'fare' is '\"2019-01-01 00:00:00\"', expected a " +
            "finite number."),
        new("json: extra nested values", "a.jsonl",
            () => Middle(Json, "{\"zone\":\"Bronx\",\"fare\":7,\"x\":{\"y\":[1,{\"z\":null}]}}"),
            "3 rows for 49.5, 0 faults"),
        new("json: an extra value nested deeply", "a.jsonl",
            () => Middle(Json,
                $"{{\"zone\":\"Bronx\",\"fare\":7,\"x\":{new string('[', 1_000)}{new string(']', 1_000)}}}"),
            "3 rows for 49.5, 0 faults"),
        new("json: spaces around", "a.jsonl", () => Middle(Json, "  {\"zone\" : \"Bronx\" , \"fare\" : 7 }  "),
            "3 rows for 49.5, 0 faults"),
        new("json: empty", "a.jsonl", () => "",
            "error: 'a.jsonl' is empty: expected one JSON object a line."),
        new("json: empty lines", "a.jsonl", () => "\n\n \n",
            "error: 'a.jsonl' has only empty lines: expected one JSON object a line."),
        new("json: a mark", "a.jsonl", () => "\uFEFF" + Json,
            "3 rows for 49.5, 0 faults"),
        new("json: a mark alone", "a.jsonl", () => "\uFEFF",
            "error: 'a.jsonl' has only empty lines: expected one JSON object a line."),
        new("json: one array", "a.jsonl", () => "[\n" + Json + "]\n",
            "3 rows for 49.5, 2 faults: a.jsonl line 1: expected one JSON object a line. The line is '['."),
        new("json: one array on a line", "a.jsonl", () => "[{\"zone\":\"Queens\",\"fare\":1}]",
            "error: 'a.jsonl' has no JSON object in its first lines: expected one a line. The first is " +
            "'[{\"zone\":\"Queens\",\"fare\":1}]'. Is it one array? Convert it: jq -c '.[]'."),
        new("json: one object over lines", "a.jsonl", () => "{\n  \"zone\": \"Queens\",\n  \"fare\": 1\n}\n",
            "error: 'a.jsonl' has no JSON object in its first lines: expected one a line. The first is '{'. Is " +
            "it one object over several lines? Convert it: jq -c ."),
        new("json: a CSV file", "a.jsonl", () => Csv,
            "error: 'a.jsonl' has no JSON object in its first lines: expected one a line. The first is " +
            "'zone,fare,riders'."),
        new("json: UTF-16", "a.jsonl", () => Encoding.Unicode.GetBytes(Json),
            "error: 'a.jsonl' is UTF-16 text: expected UTF-8. Convert it: iconv -f UTF-16 -t UTF-8."),
        new("json: gzip", "a.jsonl", () => Packed.Gzip(Json),
            "error: 'a.jsonl' is packed with gzip: expected JSON lines in UTF-8. Name it by what it is, '.gz'."),
        new("json: HTML", "a.jsonl", () => "<html></html>",
            "error: 'a.jsonl' is a web page or XML: expected JSON lines in UTF-8. Was it fetched without " +
            "signing in?"),
        new("json: Latin-1 far behind", "a.jsonl",
            () => [.. LongJson, .. Bytes("{\"zone\":\"Caf"), 0xE9, .. Bytes("\",\"fare\":7}\n")],
            "10000 rows for 10000, 1 faults: a.jsonl line 10001: column 'zone' is '\"Caf�\"', expected text in " +
            "UTF-8 without zeros or byte order mark."),
        new("json: Latin-1 far behind in an extra property", "a.jsonl",
            () => [.. LongJson, .. Bytes("{\"zone\":\"x\",\"y\":\"Caf"), 0xE9, .. Bytes("\",\"fare\":7}\n")],
            "10001 rows for 10007, 0 faults"),
        new("json: zero bytes far behind", "a.jsonl", () => [.. LongJson, .. new byte[4096]],
            "10000 rows for 10000, 1 faults: a.jsonl line 10001: expected one JSON object a line; it is none " +
            "at byte 1. The line is " +
            "'\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0" +
            "\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0…'."),
        new("json: depth 10,000", "a.jsonl", () => Json + "{\"zone\":" + new string('[', 10_000) + "\n" + Json,
            "6 rows for 99, 1 faults: a.jsonl line 4: expected one JSON object a line; it is none at byte " +
            "10009. " +
            "The line is '{\"zone\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…'."),
        new("json: depth 60 in an extra property", "a.jsonl",
            () => Json + "{\"zone\":\"Bronx\",\"fare\":7,\"x\":" + new string('[', 60) + new string(']', 60) + "}\n",
            "4 rows for 56.5, 0 faults"),
        new("json: a number of 500 KB", "a.jsonl",
            () => Json + "{\"zone\":\"x\",\"fare\":" + new string('9', 500_000) + "}\n",
            "3 rows for 49.5, 1 faults: a.jsonl line 4: column 'fare' is " +
            "'99999999999999999999999999999999999999999999999999999999999999999999999999999999…', expected a " +
            "finite number."),
        new("json: a line of 2 MB", "a.jsonl", () => Json + new string(' ', 2_000_000),
            "error: 'a.jsonl' line 4 is longer than 1048576 bytes. Does the file have line ends?"),
        new("json: CR", "a.jsonl", () => Json.Replace('\n', '\r'),
            "3 rows for 49.5, 0 faults"),
        new("json: CR LF", "a.jsonl", () => Json.Replace("\n", "\r\n"),
            "3 rows for 49.5, 0 faults"),
        new("json: no line ends", "a.jsonl", () => Json.Replace("\n", ""),
            "error: 'a.jsonl' has no JSON object in its first lines: expected one a line. The first is " +
            "'{\"zone\":\"Queens\",\"fare\":12.5,\"riders\":2}{\"zone\":\"Bronx\",\"fare\":7}{\"zone\":\"Brookl" +
            "…'. Is it one object over several lines? Convert it: jq -c ."),
        new("json: a property spelled otherwise", "a.jsonl", () => "{\"zone\":\"Queens\",\"fare\":1,\"Riders\":3}\n",
            "error: 'a.jsonl' lacks 'riders'. Were they renamed: 'riders' to 'Riders'? The columns of its " +
            "first 1000 lines are zone, fare, Riders."),
        new("json: no required property", "a.jsonl", () => "{\"zone\":\"Queens\",\"price\":1}\n",
            "error: 'a.jsonl' lacks 'fare'. The columns of its first 1000 lines are zone, price."),
        new("json: RFC 7464 separators", "a.jsonl", () => Json.Replace("{", "\u001e{"),
            "error: 'a.jsonl' has no JSON object in its first lines: expected one a line. The first is " +
            "'\\u001e{\"zone\":\"Queens\",\"fare\":12.5,\"riders\":2}'."),
    ];
}
