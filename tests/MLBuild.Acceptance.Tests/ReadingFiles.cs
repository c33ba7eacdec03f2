using System.IO.Compression;

namespace MLBuild.Acceptance.Tests;

/// <summary>A folder of trips may have files of any kind, also packed, and partition folders.</summary>
public sealed class ReadingFiles
{
    [Fact]
    public void PackedFilesAndPartitionFoldersAreMonthsToo()
    {
        using var project = new TaxiProject();
        using (var file = new GZipStream(File.Create(project.PathOf("data/2019-01.csv.gz")), CompressionLevel.Fastest))
            file.Write(System.Text.Encoding.UTF8.GetBytes(TaxiProject.SampleOf("2019-01")));
        project.Write("data/year=2019/2019-02.csv", TaxiProject.SampleOf("2019-02"));
        Assert.Equal(["Ingest 2 of 2 partitions", "Validate"], project.Run("Validate").Succeeded().Ran);
        Assert.Equal(["2019-01", "year=2019,2019-02"],
            Directory.GetDirectories(project.PathOf("artifacts/Ingest")).Select(Path.GetFileName).Order());
    }
}
