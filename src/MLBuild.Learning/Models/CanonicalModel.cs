using System.IO.Compression;
using Microsoft.ML;

namespace MLBuild.Learning.Models;

/// <summary>A saved model in the one form that its content allows, so that equal models have equal bytes.</summary>
/// <remarks>ML.NET writes a zip with the time of writing in it. Here entries are sorted, carry one fixed time, and are
/// stored without compression, as compressed bytes change with the runtime's zlib; a store may compress the
/// whole.</remarks>
internal static class CanonicalModel
{
    // The first moment that a zip can hold.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Saves a model, with what it is beside what it learned.</summary>
    /// <exception cref="OwnTrainerException">A transform of a team's own chain has nothing that could be
    /// saved.</exception>
    public static byte[] Of(
        MLContext ml, ITransformer model, FeatureColumns columns, string trainer)
    {
        using var zip = new MemoryStream();
        try
        {
            ml.Model.Save(model, columns.Schema, zip);
        }
        catch (Exception error) when (error is InvalidOperationException or NotSupportedException)
        {
            throw new OwnTrainerException(
                $"What trainer '{trainer}' gave cannot be saved: {error.Message.TrimEnd('.')}. Its chain must consist "
                + "of transforms that ML.NET saves and loads.",
                error);
        }
        return Rewrite(zip, ModelCard.EntryName, new ModelCard(trainer, columns.FeatureSchema, columns.Task).ToBytes());
    }

    // With one entry added.
    private static byte[] Rewrite(Stream zip, string addedName, byte[] added)
    {
        using var source = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true);
        var entries = source.Entries.Select(entry => (Name: entry.FullName, Open: (Func<Stream>)entry.Open))
            .Append((Name: addedName, Open: () => new MemoryStream(added, writable: false)))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal);

        using var bytes = new MemoryStream();
        using (var target = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, open) in entries)
            {
                var entry = target.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = Epoch;
                using var from = open();
                using var to = entry.Open();
                from.CopyTo(to);
            }
        }
        return bytes.ToArray();
    }
}
