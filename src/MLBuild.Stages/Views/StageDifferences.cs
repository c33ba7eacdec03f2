using System.IO.Compression;
using System.Text.Json;
using MLBuild.Engine.Inspection;
using MLBuild.Learning.Models;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Views;

/// <summary>How two artifacts of the ML stages are compared: by cell, by field, by line, by part of a model.</summary>
public static class StageDifferences
{
    public static readonly IReadOnlyList<IArtifactDifference> All =
        [new Tables(), new Fields(), new Lines(), new Models()];

    /// <summary>The first row, and in it the first column, of a Parquet file.</summary>
    private sealed class Tables : IArtifactDifference
    {
        public bool Compares(string output) => output.EndsWith(".parquet", StringComparison.Ordinal);

        public string? FirstDifference(string expectedPath, string actualPath)
        {
            try
            {
                return TableDifference.First(expectedPath, actualPath);
            }
            catch (TableException)
            {
                // Not what its name says: the bytes tell.
                return null;
            }
        }
    }

    /// <summary>The first field of a JSON text.</summary>
    private sealed class Fields : IArtifactDifference
    {
        public bool Compares(string output) => output.EndsWith(".json", StringComparison.Ordinal);

        public string? FirstDifference(string expectedPath, string actualPath)
        {
            try
            {
                using var expected = JsonDocument.Parse(File.ReadAllBytes(expectedPath));
                using var actual = JsonDocument.Parse(File.ReadAllBytes(actualPath));
                return First(expected.RootElement, actual.RootElement, "");
            }
            catch (JsonException)
            {
                // Not what its name says, or with NaN, which JSON does not have: the bytes tell.
                return null;
            }
        }

        private static string? First(JsonElement expected, JsonElement actual, string path)
        {
            if (expected.ValueKind == JsonValueKind.Object && actual.ValueKind == JsonValueKind.Object)
            {
                foreach (var field in expected.EnumerateObject())
                {
                    var name = $"{path}.{field.Name}".TrimStart('.');
                    if (!actual.TryGetProperty(field.Name, out var other))
                        return $"field {name} was {field.Value.GetRawText()}, now is not there";
                    if (First(field.Value, other, name) is { } difference)
                        return difference;
                }
                foreach (var field in actual.EnumerateObject())
                {
                    if (!expected.TryGetProperty(field.Name, out _))
                        return $"field {$"{path}.{field.Name}".TrimStart('.')} was not there, now is " +
                            $"{field.Value.GetRawText()}";
                }
                return null;
            }
            if (expected.ValueKind == JsonValueKind.Array && actual.ValueKind == JsonValueKind.Array
                && expected.GetArrayLength() == actual.GetArrayLength())
                return expected.EnumerateArray().Zip(actual.EnumerateArray())
                    .Select((pair, i) => First(pair.First, pair.Second, $"{path}[{i}]"))
                    .FirstOrDefault(difference => difference is not null);
            return expected.GetRawText() == actual.GetRawText()
                ? null
                : $"field {path} was {expected.GetRawText()}, now is {actual.GetRawText()}";
        }
    }

    /// <summary>The first line of a text.</summary>
    private sealed class Lines : IArtifactDifference
    {
        public bool Compares(string output) => Path.GetExtension(output) is ".csv" or ".txt" or ".md";

        public string? FirstDifference(string expectedPath, string actualPath)
        {
            using var expected = File.ReadLines(expectedPath).GetEnumerator();
            using var actual = File.ReadLines(actualPath).GetEnumerator();
            for (var line = 1; ; line++)
            {
                var (was, now) = (Next(expected), Next(actual));
                if (was != now)
                    return $"line {line} was {Shown(was)}, now is {Shown(now)}";
                if (was is null)
                    return null;
            }

            static string? Next(IEnumerator<string> lines) => lines.MoveNext() ? lines.Current : null;

            static string Shown(string? line) => line is null ? "not there" : $"'{line}'";
        }
    }

    /// <summary>The first tree or coefficient of a saved model; where it cannot be looked into, the first part of the
    /// zip that it is.</summary>
    private sealed class Models : IArtifactDifference
    {
        public bool Compares(string output) => output.EndsWith(".zip", StringComparison.Ordinal);

        public string? FirstDifference(string expectedPath, string actualPath)
        {
            try
            {
                return Learned(expectedPath, actualPath) ?? Parts(expectedPath, actualPath);
            }
            catch (InvalidDataException)
            {
                // Not what its name says: the bytes tell.
                return null;
            }
        }

        private static string? Learned(string expectedPath, string actualPath)
        {
            try
            {
                using var expected = File.OpenRead(expectedPath);
                using var actual = File.OpenRead(actualPath);
                return ModelDifference.First(ScoringModel.Load(expected), ScoringModel.Load(actual));
            }
            catch (FormatException)
            {
                // Another kind of zip.
                return null;
            }
        }

        private static string? Parts(string expectedPath, string actualPath)
        {
            using var expected = ZipFile.OpenRead(expectedPath);
            using var actual = ZipFile.OpenRead(actualPath);
            foreach (var part in expected.Entries)
            {
                if (actual.GetEntry(part.FullName) is not { } other)
                    return $"part '{part.FullName}' was there, now is not";
                if (!Bytes(part).AsSpan().SequenceEqual(Bytes(other)))
                    return $"part '{part.FullName}' differs";
            }
            return actual.Entries.FirstOrDefault(part => expected.GetEntry(part.FullName) is null) is { } added
                ? $"part '{added.FullName}' was not there, now is" : null;
        }

        private static byte[] Bytes(ZipArchiveEntry part)
        {
            using var stream = part.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }
}
