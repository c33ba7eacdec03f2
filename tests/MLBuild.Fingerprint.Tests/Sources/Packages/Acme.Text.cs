namespace Acme.Text;

/// <summary>What texts of files need.</summary>
public static class Cells
{
    public static string Trim(string cell) => cell.Trim();
}
